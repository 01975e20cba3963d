import { useEffect } from 'react';
import type { ApiError } from '../api/errors';

/** Leads to the first field that a failure is about: the button that sent a long form may be far below it. */
export function useFirstFault(failure: ApiError | undefined) {
  useEffect(() => {
    if (failure) {
      document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [failure]);
}
