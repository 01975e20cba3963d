import { Badge, Text } from '@mantine/core';
import { Facts } from '../ui/facts';
import { Panel } from '../ui/panel';
import { Moment } from '../ui/time';
import type { CustomDomain } from './types';

const states: Record<string, { label: string; color: string }> = {
  provisioning: { label: 'Being issued', color: 'yellow' },
  provisioned: { label: 'Issued', color: 'green' },
  provisioning_failed: { label: 'Could not be issued', color: 'red' },
  renewing_failed: { label: 'Could not be renewed', color: 'red' },
};

const authorities: Record<string, string> = { letsencrypt: "Let's Encrypt", googletrust: 'Google Trust Services' };

/** The certificate that the server sees to. */
export function Certificate({ domain: { certificate } }: { domain: CustomDomain }) {
  if (!certificate) {
    return (
      <Panel title="Certificate">
        <Text size="sm" c="dimmed">
          None yet: it is asked for when the domain is verified.
        </Text>
      </Panel>
    );
  }
  const { status, error_msg: fault, certificate_authority: authority, renews_before: renews } = certificate;
  const look = states[status] ?? { label: status, color: 'gray' };
  return (
    <Panel title="Certificate" action={<Badge color={look.color}>{look.label}</Badge>}>
      <Facts
        facts={[
          ['Fault', fault],
          ['Authority', authority && (authorities[authority] ?? authority)],
          ['Renewed before', renews && <Moment date={renews} />],
        ]}
      />
    </Panel>
  );
}
