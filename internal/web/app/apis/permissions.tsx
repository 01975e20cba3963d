import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Resource, useAction } from '../api/hooks';
import type { ResourceServer, Scope } from '../api/types';
import { faultAt } from '../forms/faults';
import { useGuard } from '../forms/guard';
import { worded } from '../forms/worded';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ConfirmDelete } from '../ui/confirm';
import { IconKey, IconTrash } from '../ui/icons';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import classes from './permissions.module.css';

/** The API's scopes. A change sends the whole list as it is on the server at that moment, so that a colleague's additions stay. */
export function Permissions({ resource, rs }: { resource: Resource<ResourceServer>; rs: ResourceServer }) {
  const { api } = useTenant();
  const readOnly = !useCan('update:resource_servers') || rs.is_system;
  const [removing, setRemoving] = useState<Scope | null>(null);
  const path = `resource-servers/${rs.id}`;
  const change = async (next: (scopes: Scope[]) => Scope[]) => {
    const now = await api.get<ResourceServer>(path);
    resource.set(await api.patch<ResourceServer>(path, { scopes: next(now.scopes ?? []) }));
  };

  const columns: Column<Scope>[] = [
    {
      id: 'value',
      header: 'Permission (scope)',
      cell: (s) => <code className={classes.value}>{s.value}</code>,
      below: (s) => s.description,
    },
    {
      id: 'description',
      header: 'Description',
      width: '55%',
      wide: true,
      cell: (s) =>
        s.description ?? (
          <Text c="dimmed" component="span">
            –
          </Text>
        ),
    },
  ];
  if (!readOnly) {
    columns.push({
      id: 'remove',
      header: '',
      width: '64px',
      align: 'right',
      cell: (s) => (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${s.value}`} onClick={() => setRemoving(s)}>
          <IconTrash size={16} />
        </ActionIcon>
      ),
    });
  }
  const scopes = rs.scopes ?? [];
  return (
    <>
      {!readOnly && (
        <Panel
          title="Add a permission"
          description="Name what is done to what: read:timesheets. Applications get it when it is granted to them, not before."
        >
          <AddForm add={(scope) => change((all) => [...all, scope])} />
        </Panel>
      )}
      <Panel flush title={readOnly ? undefined : `${scopes.length} permissions`}>
        {scopes.length > 0 ? (
          <DataTable label="Permissions" columns={columns} rows={scopes} rowKey={(s) => s.value} />
        ) : (
          <EmptyState icon={IconKey} title="No permissions yet">
            Without permissions a token only says that its holder may call the API.
          </EmptyState>
        )}
      </Panel>
      <ConfirmDelete
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove the permission?"
        verb="Remove"
        act={() => change((all) => all.filter((s) => s.value !== removing?.value))}
      >
        No new token has <code>{removing?.value}</code>, whatever was granted.
      </ConfirmDelete>
    </>
  );
}

function AddForm({ add }: { add: (scope: Scope) => Promise<void> }) {
  const [value, setValue] = useState('');
  const [description, setDescription] = useState('');
  useGuard(value.trim() !== '' || description.trim() !== '');
  const action = useAction(add);
  const fault = faultAt(action.error?.fields ?? {}, 'scopes');
  const described = fault?.path.endsWith('.description');
  const submit = async () => {
    const scope: Scope = { value: value.trim() };
    if (description.trim()) {
      scope.description = description.trim();
    }
    if (await action.run(scope)) {
      setValue('');
      setDescription('');
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Group align="flex-start" gap="sm" className={classes.form}>
        <TextInput
          flex={2}
          aria-label="Permission"
          placeholder="read:timesheets"
          value={value}
          onChange={(e) => setValue(e.currentTarget.value)}
          error={described ? undefined : worded(fault?.text, 'Permission')}
          spellCheck={false}
        />
        <TextInput
          flex={3}
          aria-label="Description"
          placeholder="What it allows, in words"
          value={description}
          onChange={(e) => setDescription(e.currentTarget.value)}
          error={described && worded(fault?.text, 'Description')}
        />
        <Button type="submit" loading={action.busy} disabled={value.trim() === ''}>
          Add
        </Button>
      </Group>
      <ActionError error={action.error} fields={['scopes']} />
    </form>
  );
}
