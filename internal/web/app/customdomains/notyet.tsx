import { Alert } from '@mantine/core';
import { useTenant } from '../shell/tenant';
import { IconInfoCircle } from '../ui/icons';

/** What custom domains do not do so far. */
export function NotAnswered() {
  const { membership } = useTenant();
  return (
    <Alert color="yellow" icon={<IconInfoCircle />} mb="lg" title="Saved, but not in use yet">
      This version of writ does not look at the DNS: a custom domain stays pending, whatever records are set, and no request is answered
      under it. Token requests go to <code>{membership.domain}</code>.
    </Alert>
  );
}
