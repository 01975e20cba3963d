import { useEffect, useRef } from 'react';

/**
 * Hears keys before every dialog of a page, which listen at the window too, but are there later. What take returns true for, nobody else
 * hears: what lies beneath must not be answered unseen.
 */
export function useKeysFirst(take: (event: KeyboardEvent) => boolean) {
  const present = useRef(take);
  present.current = take;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (present.current(event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
