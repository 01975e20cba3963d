import { Alert } from '@mantine/core';
import { IconInfoCircle } from '../ui/icons';

/** What log streams do not do so far. */
export function NotDelivered() {
  return (
    <Alert color="yellow" icon={<IconInfoCircle />} mb="lg" title="Saved, but nothing is delivered yet">
      This version of writ sends no events: a stream is stored, and its state with it, for the tools that read and write it. The log itself
      is complete; programs read it with <code>GET&nbsp;/api/v2/logs</code>.
    </Alert>
  );
}
