import { Button, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type Resource, useAction } from '../api/hooks';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { CopyField } from '../ui/copy';
import { Panel } from '../ui/panel';
import { Moment } from '../ui/time';
import classes from './domain.module.css';
import type { CustomDomain } from './types';

interface DomainProps {
  resource: Resource<CustomDomain>;
  domain: CustomDomain;
}

/** What the owner puts into the DNS, whether it was found there, and the button that has it looked for. */
export function DNSRecord({ resource, domain }: DomainProps) {
  const { api } = useTenant();
  const mayVerify = useCan('create:custom_domains');
  const path = `custom-domains/${domain.custom_domain_id}`;
  const ready = domain.status === 'ready';
  const verify = useAction(async () => {
    const found = await api.post<CustomDomain>(`${path}/verify`);
    resource.set(found);
    if (found.status === 'ready') {
      notifications.show({ color: 'green', message: `${found.domain} is verified.` });
    } else {
      notifications.show({
        color: 'yellow',
        message: `${found.domain} is not verified: ${found.verification.error_msg ?? 'still pending'}.`,
      });
    }
  });
  const test = useAction(async () => {
    const { success, message } = await api.post<{ success: boolean; message?: string }>(`${path}/test`);
    notifications.show(
      success ? { color: 'green', message: `${domain.domain} leads here.` } : { color: 'red', message: message ?? 'The test failed.' },
    );
  });
  const action = ready ? (
    <Button variant="default" onClick={() => void test.run()} loading={test.busy}>
      Test
    </Button>
  ) : (
    mayVerify && (
      <Button variant="default" onClick={() => void verify.run()} loading={verify.busy}>
        Verify
      </Button>
    )
  );
  return (
    <Panel
      title="DNS record"
      description={ready ? 'Keep it: without it the domain is not yours any more.' : 'Set this record where the domain’s DNS is kept.'}
      action={action}
    >
      <Stack gap="md">
        <ActionError error={verify.error ?? test.error} />
        {domain.verification.methods.map((method) => (
          <div key={method.domain} className={classes.record}>
            <CopyField label="Type" value={method.name.toUpperCase()} />
            <CopyField label="Name" value={method.domain} />
            <CopyField label="Value" value={method.record} />
          </div>
        ))}
        <Verification domain={domain} />
      </Stack>
    </Panel>
  );
}

const states: Record<string, string> = {
  pending: 'Looked for, not found yet.',
  verified: 'The record was found.',
  failed: 'The record was not found in time.',
};

function Verification({ domain: { verification } }: { domain: CustomDomain }) {
  const { status, error_msg: fault, last_verified_at: last } = verification;
  return (
    <Text size="sm" c="dimmed" component="div">
      {(status && states[status]) ?? (status || 'Not looked for yet.')}
      {fault && <> {fault}.</>}
      {last && (
        <>
          {' '}
          Last seen <Moment date={last} />.
        </>
      )}
    </Text>
  );
}
