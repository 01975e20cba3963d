import { Alert } from '@mantine/core';
import { useState } from 'react';
import type { Client, ResourceServer } from '../api/types';
import { APISelect } from '../apis/apiselect';
import { noPermission } from '../apis/words';
import { useCreation } from '../forms/creation';
import { CreationDialog, CreationModal } from '../forms/creationdialog';
import { TextField } from '../forms/fields';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ChoiceCards } from '../ui/choicecards';
import { ScopePicker } from '../ui/scopes';
import { kinds } from './kinds';

const machine = kinds[0].value;

/** Makes an application and, for a machine, authorizes it for an API at once. */
export function CreateApplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <CreationModal opened={opened} onClose={onClose} title="Create an application" size="lg">
      <CreateForm onClose={onClose} />
    </CreationModal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayGrant = useCan('create:client_grants') && api.can('read:resource_servers');
  const [target, setTarget] = useState<ResourceServer | null>(null);
  const [scope, setScope] = useState<string[]>([]);
  // Kept when only the grant failed, so that trying again does not make a second application.
  const [made, setMade] = useState<Client | null>(null);
  const form = useCreation(
    { name: '', app_type: machine as string },
    async (values) => {
      const client = made ?? (await api.post<Client>('clients', values));
      setMade(client);
      if (target && values.app_type === machine) {
        await api.post('client-grants', { client_id: client.client_id, audience: target.identifier, scope });
      }
      return client;
    },
    (client) => {
      onClose();
      return router.go(href(`/applications/${client.client_id}?tab=credentials`));
    },
  );
  const { name, app_type: kind } = form.values;
  const grants = mayGrant && kind === machine;
  return (
    <CreationDialog
      form={form}
      verb={grants && target ? 'Create and authorize' : 'Create'}
      incomplete={name.trim() === ''}
      onClose={onClose}
    >
      <TextField
        edit={{ ...form, readOnly: made !== null }}
        name="name"
        label="Name"
        description="What the program is: Timesheets Import Job"
        rule="text without < and >"
        first
      />
      <ChoiceCards label="Type" choices={kinds} value={kind} onChange={(v) => form.set('app_type', v)} disabled={made !== null} />
      {grants && <GrantFields target={target} setTarget={setTarget} scope={scope} setScope={setScope} />}
    </CreationDialog>
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
  const offered = target?.scopes ?? [];
  return (
    <>
      <APISelect
        label="Authorize for an API"
        description="Optional; more can be added later."
        placeholder="No API yet"
        value={target}
        onChange={(api) => {
          setTarget(api);
          setScope([]);
        }}
      />
      {target && <ScopePicker scopes={offered} chosen={scope} onChange={setScope} />}
      {offered.length > 0 && scope.length === 0 && (
        <Alert color="yellow" p="xs">
          {noPermission}
        </Alert>
      )}
    </>
  );
}
