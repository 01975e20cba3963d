import { Text } from '@mantine/core';
import { useState } from 'react';
import type { Client, ResourceServer } from '../api/types';
import { useCreation } from '../forms/creation';
import { CreationDialog, CreationModal } from '../forms/creationdialog';
import { TextField } from '../forms/fields';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { TokenFields } from './tokenfields';

/**
 * Registers an API and, as the guide says, makes and authorizes a test application for it. Creating an API through the Management
 * API itself does not.
 */
export function CreateAPI({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <CreationModal opened={opened} onClose={onClose} title="Create an API" size="lg">
      <CreateForm onClose={onClose} />
    </CreationModal>
  );
}

/** A day is Auth0's default; machines ask anew without anybody noticing, so that an hour is better. */
const machineLifetime = 3600;

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayTest = useCan('create:clients') && api.can('create:client_grants');
  // Kept when what comes after them failed, so that trying again makes nothing twice.
  const [made, setMade] = useState<ResourceServer | null>(null);
  const [tester, setTester] = useState<Client | null>(null);
  const form = useCreation(
    { name: '', identifier: '', token_dialect: 'access_token', signing_alg: 'RS256' },
    async (values) => {
      const rs = made ?? (await api.post<ResourceServer>('resource-servers', { ...values, token_lifetime: machineLifetime }));
      setMade(rs);
      if (mayTest) {
        const name = `${values.name} (Test Application)`;
        const client =
          tester ?? (await api.post<Client>('clients', { name, app_type: 'non_interactive', grant_types: ['client_credentials'] }));
        setTester(client);
        await api.post('client-grants', { client_id: client.client_id, audience: rs.identifier, scope: [] });
      }
      return rs;
    },
    (rs) => {
      onClose();
      return router.go(href(`/apis/${rs.id}?tab=permissions`));
    },
  );
  const { name, identifier } = form.values;
  const edit = { ...form, readOnly: made !== null };
  return (
    <CreationDialog form={form} incomplete={!name.trim() || !identifier.trim()} onClose={onClose}>
      <TextField edit={edit} name="name" label="Name" placeholder="Timesheets" rule="text without < and >" first />
      <TextField
        edit={edit}
        name="identifier"
        label="Identifier"
        description="The audience of its tokens. A URL that you own is best; it is never called, and cannot be changed."
        placeholder="https://timesheets.example.com"
        code
      />
      <TokenFields edit={edit} />
      {mayTest && (
        <Text size="sm" c="dimmed">
          A test application is created with it and authorized, so that you can try the API at once.
        </Text>
      )}
    </CreationDialog>
  );
}
