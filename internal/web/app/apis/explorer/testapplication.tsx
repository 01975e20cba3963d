import { Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/hooks';
import type { Client, ResourceServer } from '../../api/types';
import { Link } from '../../router';
import { useTenant } from '../../shell/tenant';
import { ActionError } from '../../ui/actionerror';
import { useAsk } from '../../ui/ask';
import { Panel } from '../../ui/panel';

const name = 'API Explorer Application';

/** Auth0's "Create & Authorize a Test Application": one with all permissions, for scripts that are being tried. */
export function TestApplication({ rs }: { rs: ResourceServer }) {
  const { api, href } = useTenant();
  const ask = useAsk();
  // Kept when only the grant failed, so that trying again does not make a second one.
  const [made, setMade] = useState<Client>();
  const [ready, setReady] = useState(false);
  const create = useAction(async () => {
    if (!(await ask(warning))) {
      return;
    }
    const client = made ?? (await api.post<Client>('clients', { name, app_type: 'non_interactive', grant_types: ['client_credentials'] }));
    setMade(client);
    const scope = (rs.scopes ?? []).map((s) => s.value);
    await api.post('client-grants', { client_id: client.client_id, audience: rs.identifier, scope });
    setReady(true);
  });
  if (!api.can('create:clients') || !api.can('create:client_grants')) {
    return null;
  }
  return (
    <Panel
      title="Programs that use this API"
      description="The explorer needs none: it asks with your own token."
      action={
        !ready && (
          <Button variant="default" loading={create.busy} onClick={() => void create.run()}>
            Create & authorize a test application
          </Button>
        )
      }
    >
      <ActionError error={create.error} />
      {ready && made ? (
        <Text>
          <Anchor component={Link} href={href(`/applications/${made.client_id}?tab=credentials`)}>
            {name}
          </Anchor>{' '}
          is made, with all permissions. Delete it when you are done.
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          For a script, authorize an application of its own under Machine to Machine Applications, with what it needs and no more.
        </Text>
      )}
    </Panel>
  );
}

const warning = {
  title: 'Create a test application with all permissions?',
  text: 'Who has its secret can read and change everything in this tenant, and give others the same. It is for trying things out, not for production.',
  yes: 'Create',
  danger: true,
};
