import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import type { Client, ResourceServer } from '../api/types';
import { faultOf } from '../forms/faults';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { algorithms, dialects } from './words';

/**
 * Registers an API and, as the guide says, makes and authorizes a test application for it. Creating an API through the Management
 * API itself does not.
 */
export function CreateAPI({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

/** A day is Auth0's default; machines ask anew without anybody noticing, so that an hour is better. */
const machineLifetime = 3600;

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayTest = useCan('create:clients') && api.can('create:client_grants');
  const [values, setValues] = useState({ name: '', identifier: '', signing_alg: 'RS256', token_dialect: 'access_token' });
  const set = (name: keyof typeof values) => (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
    setValues({ ...values, [name]: event.currentTarget.value });
  // Kept when what comes after them failed, so that trying again makes nothing twice.
  const [made, setMade] = useState<ResourceServer | null>(null);
  const [tester, setTester] = useState<Client | null>(null);

  const create = useAction(async () => {
    const rs = made ?? (await api.post<ResourceServer>('resource-servers', { ...values, token_lifetime: machineLifetime }));
    setMade(rs);
    if (mayTest) {
      const name = `${values.name} (Test Application)`;
      const client =
        tester ?? (await api.post<Client>('clients', { name, app_type: 'non_interactive', grant_types: ['client_credentials'] }));
      setTester(client);
      await api.post('client-grants', { client_id: client.client_id, audience: rs.identifier, scope: [] });
    }
    onClose();
    await router.go(href(`/apis/${rs.id}?tab=permissions`));
  });
  const faults = create.error?.fields ?? {};

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          placeholder="Timesheets"
          value={values.name}
          onChange={set('name')}
          error={faultOf(faults, 'name')}
          disabled={made !== null}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label="Identifier"
          description="The audience of its tokens. A URL that you own is best; it is never called, and cannot be changed."
          placeholder="https://timesheets.example.com"
          value={values.identifier}
          onChange={set('identifier')}
          error={faultOf(faults, 'identifier')}
          disabled={made !== null}
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <NativeSelect
          label="Token profile"
          description="What the claims of its tokens look like."
          data={dialects}
          value={values.token_dialect}
          onChange={set('token_dialect')}
          error={faultOf(faults, 'token_dialect')}
        />
        <NativeSelect
          label="Signing algorithm"
          data={algorithms}
          value={values.signing_alg}
          onChange={set('signing_alg')}
          error={faultOf(faults, 'signing_alg')}
        />
        {mayTest && (
          <Text size="sm" c="dimmed">
            A test application is created with it and authorized, so that you can try the API at once.
          </Text>
        )}
        <ActionError error={create.error} fields={Object.keys(values)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={!values.name.trim() || !values.identifier.trim()}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
