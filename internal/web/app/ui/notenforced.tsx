import { Alert } from '@mantine/core';
import { IconInfoCircle } from './icons';

/** What rate limit policies and network ACLs do not do so far. */
export function NotEnforced() {
  return (
    <Alert color="yellow" icon={<IconInfoCircle />} mb="lg" title="Kept, not enforced yet">
      This version of writ stores these for the tools that read and write them. No request is judged by them.
    </Alert>
  );
}
