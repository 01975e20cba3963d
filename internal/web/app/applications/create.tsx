import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useResource } from '../api/hooks';
import type { Client, ResourceServer } from '../api/types';
import { faultOf } from '../forms/faults';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ScopePicker } from '../ui/scopes';
import classes from './create.module.css';
import { kinds } from './kinds';

/** Makes an application and, for a machine, authorizes it for an API at once. */
export function CreateApplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an application" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayGrant = useCan('create:client_grants') && api.can('read:resource_servers');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>(kinds[0].value);
  const [target, setTarget] = useState<ResourceServer | null>(null);
  const [scope, setScope] = useState<string[]>([]);
  // Kept when only the grant failed, so that trying again does not make a second application.
  const [made, setMade] = useState<Client | null>(null);

  const create = useAction(async () => {
    const client = made ?? (await api.post<Client>('clients', { name, app_type: kind }));
    setMade(client);
    if (target && kind === kinds[0].value) {
      await api.post('client-grants', { client_id: client.client_id, audience: target.identifier, scope });
    }
    onClose();
    await router.go(href(`/applications/${client.client_id}?tab=credentials`));
  });
  const fault = faultOf(create.error?.fields ?? {}, 'name');

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <Stack gap="lg">
        <TextInput
          label="Name"
          description="What the program is: Timesheets Import Job"
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          error={fault}
          disabled={made !== null}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Radio.Group label="Type" value={kind} onChange={setKind}>
          <div className={classes.kinds}>
            {kinds.map((k) => (
              <Radio.Card key={k.value} value={k.value} className={classes.kind} disabled={made !== null}>
                <Group gap="sm" wrap="nowrap" align="flex-start">
                  <Radio.Indicator size="xs" mt={3} />
                  <div>
                    <Text fw={550}>{k.label}</Text>
                    <Text size="sm" c="dimmed">
                      {k.text}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        {mayGrant && kind === kinds[0].value && <GrantFields target={target} setTarget={setTarget} scope={scope} setScope={setScope} />}
        <ActionError error={create.error} fields={['name']} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={name.trim() === ''}>
            {target ? 'Create and authorize' : 'Create'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface GrantFieldsProps {
  target: ResourceServer | null;
  setTarget: (api: ResourceServer | null) => void;
  scope: string[];
  setScope: (scope: string[]) => void;
}

/** The API that the new application may call, and what it may do there. */
function GrantFields({ target, setTarget, scope, setScope }: GrantFieldsProps) {
  const { data } = useResource<ResourceServer[]>('resource-servers?per_page=100');
  const apis = data ?? [];
  const choose = (id: string | null) => {
    setTarget(apis.find((a) => a.id === id) ?? null);
    setScope([]);
  };
  return (
    <>
      <Select
        label="Authorize for an API"
        description="Optional; more can be added later."
        placeholder="No API yet"
        searchable
        clearable
        value={target?.id ?? null}
        onChange={choose}
        data={apis.map((a) => ({ value: a.id, label: a.name ?? a.identifier }))}
        nothingFoundMessage="No API of this name"
      />
      {target && <ScopePicker scopes={target.scopes ?? []} chosen={scope} onChange={setScope} />}
    </>
  );
}
