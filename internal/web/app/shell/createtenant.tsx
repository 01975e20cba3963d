import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useState } from 'react';
import { useAction, useLoad } from '../api/hooks';
import type { Environment } from '../api/types';
import { ActionError } from '../ui/actionerror';
import { FieldLabel } from '../ui/fieldlabel';
import { useSession } from './session';
import { tenantHref } from './tenant';

interface Availability {
  available: boolean;
  reason?: string;
}

/** Makes a tenant of which the operator is the owner, and opens it. */
export function CreateTenant({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a tenant">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { console } = useSession();
  const [name, setName] = useState('');
  const [environment, setEnvironment] = useState<Environment>('development');
  const availability = useAvailability(name);
  const create = useAction(async () => {
    const made = await console.call<{ tenant: string }>('tenants', { method: 'POST', body: { name, environment } });
    location.assign(tenantHref(made.tenant)); // the whole page anew: the session has another membership
  });

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
          description="3 to 63 lower-case letters, digits and hyphens. It becomes the first part of the tenant’s domain and cannot be changed."
          value={name}
          onChange={(e) => setName(e.currentTarget.value.toLowerCase())}
          error={availability.error ?? create.error?.fields.name}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          required
          withAsterisk={false}
        />
        <Text size="sm" c="dimmed" aria-live="polite" h={20}>
          {availability.free && `${name} is free.`}
        </Text>
        <div>
          <FieldLabel id="environment-label" gap={4}>
            Environment
          </FieldLabel>
          <SegmentedControl
            fullWidth
            aria-labelledby="environment-label"
            value={environment}
            onChange={(v) => setEnvironment(v as Environment)}
            data={[
              { value: 'development', label: 'Development' },
              { value: 'staging', label: 'Staging' },
              { value: 'production', label: 'Production' },
            ]}
          />
        </div>
        <ActionError error={create.error} fields={['name']} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={!availability.free}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks the server whether a name is free, a moment after the last key. */
function useAvailability(name: string): { free: boolean; error?: string } {
  const { console } = useSession();
  const [asked] = useDebouncedValue(name, 250);
  const load = useCallback(
    (signal: AbortSignal) =>
      asked ? console.call<Availability>(`tenants/available?name=${encodeURIComponent(asked)}`, { signal }) : undefined,
    [console, asked],
  );
  const { data, error } = useLoad(load);
  const [seen, setSeen] = useState<{ name: string; answer?: Availability }>({ name: '' });
  useEffect(() => setSeen({ name: asked, answer: data }), [asked, data]);
  const current = seen.name === name ? seen.answer : undefined;
  if (error) {
    return { free: false, error: error.message };
  }
  return {
    free: current?.available ?? false,
    error: current && !current.available ? (current.reason ?? 'This name is taken.') : undefined,
  };
}
