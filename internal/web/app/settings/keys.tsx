import { Badge, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useResource } from '../api/hooks';
import type { SigningKey } from '../api/types';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { InlineId } from '../ui/copy';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Moment } from '../ui/time';

/** What is about to be done to the keys. */
type Plan = { act: 'rotate' } | { act: 'rotate-revoke'; kid: string } | { act: 'revoke'; kid: string };

/** The keys that sign tokens: rotate gives the next one its turn, revoke ends what an old one has signed. */
export function SigningKeys() {
  const { api } = useTenant();
  const { data: keys, error, loading, reload } = useResource<SigningKey[]>('keys/signing');
  const mayRotate = useCan('create:signing_keys', 'update:signing_keys');
  const mayRevoke = useCan('update:signing_keys');
  const [plan, setPlan] = useState<Plan | null>(null);
  if (error && !keys) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!keys) {
    return <LoadingRows rows={4} />;
  }
  const current = keys.find((k) => k.current);
  const carryOut = async () => {
    if (plan?.act !== 'revoke') {
      await api.post('keys/signing/rotate');
    }
    if (plan?.act === 'rotate-revoke') {
      setPlan({ act: 'revoke', kid: plan.kid }); // if that fails now, trying again does not rotate once more
      reload();
    }
    if (plan && plan.act !== 'rotate') {
      await api.put(`keys/signing/${encodeURIComponent(plan.kid)}/revoke`);
    }
    notifications.show({ color: 'green', message: 'The signing keys are changed.' });
    reload();
  };
  const revocable = mayRevoke && keys.some((k) => k.previous && !k.revoked);
  const columns = keyColumns(revocable ? (kid) => setPlan({ act: 'revoke', kid }) : undefined);
  return (
    <>
      <Panel
        title="Rotate"
        description="The next key signs from then on. The present one stays published, so that its tokens are good until they expire."
        action={
          mayRotate && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setPlan({ act: 'rotate' })}>
                Rotate
              </Button>
              {mayRevoke && current && (
                <Button color="red" variant="light" onClick={() => setPlan({ act: 'rotate-revoke', kid: current.kid })}>
                  Rotate and revoke
                </Button>
              )}
            </Group>
          )
        }
      >
        <Text size="sm" c="dimmed">
          The next key is in the JSON Web Key Set already: APIs that keep the set for a while know it before it signs. A tenant rotates five
          times a day at most.
        </Text>
      </Panel>
      <Panel flush title="Keys">
        <DataTable label="Signing keys" columns={columns} rows={keys} rowKey={(k) => k.kid} busy={loading} />
      </Panel>
      <ConfirmDelete
        opened={plan !== null}
        onClose={() => setPlan(null)}
        title={plan?.act === 'revoke' ? 'Revoke the key?' : 'Rotate the keys?'}
        verb={plan?.act === 'rotate' ? 'Rotate' : plan?.act === 'revoke' ? 'Revoke' : 'Rotate and revoke'}
        phrase={plan?.act === 'rotate-revoke' ? 'revoke' : undefined}
        act={carryOut}
      >
        {plan?.act === 'rotate'
          ? 'New tokens are signed by the next key. APIs that verify by one pinned key have to be told first.'
          : 'Every token that this key has signed is refused from the moment on that APIs read the key set again.'}
      </ConfirmDelete>
    </>
  );
}

function keyColumns(revoke?: (kid: string) => void): Column<SigningKey>[] {
  const columns: Column<SigningKey>[] = [
    { id: 'state', header: 'State', width: '130px', cell: (k) => <KeyState k={k} /> },
    { id: 'kid', header: 'Key ID', cell: (k) => <InlineId value={k.kid} label="Copy the key ID" /> },
    {
      id: 'since',
      header: 'In use since',
      width: '200px',
      wide: true,
      cell: (k) => (k.current_since ? <Moment date={k.current_since} /> : '–'),
    },
    {
      id: 'until',
      header: 'Until',
      width: '200px',
      wide: true,
      cell: (k) => (k.revoked_at ? <Moment date={k.revoked_at} /> : k.current_until ? <Moment date={k.current_until} /> : '–'),
    },
  ];
  if (revoke) {
    columns.push({
      id: 'revoke',
      header: '',
      width: '110px',
      align: 'right',
      cell: (k) =>
        k.previous && !k.revoked ? (
          <Button size="compact-xs" color="red" variant="subtle" onClick={() => revoke(k.kid)}>
            Revoke
          </Button>
        ) : null,
    });
  }
  return columns;
}

function KeyState({ k }: { k: SigningKey }) {
  if (k.revoked) {
    return <Badge color="red">Revoked</Badge>;
  }
  if (k.current) {
    return <Badge color="green">Current</Badge>;
  }
  return <Badge color="gray">{k.next ? 'Next' : 'Previous'}</Badge>;
}
