import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import { useRouter } from '../router';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ChoiceCards } from '../ui/choicecards';
import { type CustomDomain, kinds } from './types';

export function CreateCustomDomain({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a custom domain" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const [domain, setDomain] = useState('');
  const [type, setType] = useState<string>(kinds[0].value);
  const create = useAction(async () => {
    const made = await api.post<CustomDomain>('custom-domains', { domain: domain.trim(), type });
    onClose();
    await router.go(href(`/custom-domains/${made.custom_domain_id}`));
  });
  // The domain is all that was typed: what the API does not like is about it.
  const refused = create.error?.trouble === 'invalid' || create.error?.trouble === 'conflict';
  const fault = create.error?.fields.domain ?? (refused ? create.error?.message : undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create.run();
      }}
    >
      <Stack gap="lg">
        <TextInput
          label="Domain"
          description="A host below a domain of yours. It cannot be changed later."
          placeholder="auth.example.com"
          value={domain}
          onChange={(e) => setDomain(e.currentTarget.value.toLowerCase())}
          error={fault}
          autoComplete="off"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
        />
        <ChoiceCards label="Certificate" choices={kinds} value={type} onChange={setType} />
        <ActionError error={fault ? undefined : create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={domain.trim() === ''}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
