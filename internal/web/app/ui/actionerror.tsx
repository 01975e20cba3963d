import { Alert } from '@mantine/core';
import type { ApiError } from '../api/errors';
import { allPlaced } from '../forms/faults';
import { IconAlertTriangle } from './icons';

/**
 * A failed write, beside the button that started it. What was typed is still there.
 * @param fields - The fields that show their own faults: about those nothing is said here.
 */
export function ActionError({ error, fields = [] }: { error?: ApiError; fields?: string[] }) {
  if (!error || allPlaced(error.fields, fields)) {
    return null;
  }
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      {sentence(error)}
    </Alert>
  );
}

function sentence(error: ApiError): string {
  switch (error.trouble) {
    case 'network':
      return 'writ cannot be reached. Whether this was saved is not known; try again when it answers.';
    case 'limited':
      return `Too many requests. Nothing was changed; try again in ${error.retryAfter || 'a few'} seconds.`;
    case 'forbidden':
      return `Your role does not allow this. ${error.message}`;
    default:
      return error.message;
  }
}
