import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import type { Organization } from '../api/types';
import { faultOf } from '../forms/faults';
import { useRouter } from '../router';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';

export function CreateOrganization({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an organization">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const create = useAction(async () => {
    const label = displayName.trim();
    const made = await api.post<Organization>('organizations', { name, ...(label && { display_name: label }) });
    onClose();
    await router.go(href(`/organizations/${made.id}`));
  });
  const faults = create.error?.fields ?? {};
  const taken = create.error?.trouble === 'conflict' ? create.error.message : undefined;
  const placed = [faultOf(faults, 'name') ?? taken, faultOf(faults, 'display_name')];
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
          description="Lower-case letters, digits, underscores and dashes; unique in the tenant. Token requests may name it."
          placeholder="acme"
          value={name}
          onChange={(e) => setName(e.currentTarget.value.toLowerCase())}
          error={placed[0]}
          maxLength={50}
          autoComplete="off"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label="Display name"
          description="For people; optional."
          placeholder="Acme Inc."
          value={displayName}
          onChange={(e) => setDisplayName(e.currentTarget.value)}
          error={placed[1]}
        />
        <ActionError error={placed.some(Boolean) ? undefined : create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={name.trim() === ''}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
