import { SegmentedControl, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useState } from 'react';
import { useLoad } from '../api/hooks';
import type { Environment } from '../api/types';
import { useCreation } from '../forms/creation';
import { CreationDialog, CreationModal } from '../forms/creationdialog';
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
    <CreationModal opened={opened} onClose={onClose} title="Create a tenant">
      <CreateForm onClose={onClose} />
    </CreationModal>
  );
}

const fresh: { name: string; environment: Environment } = { name: '', environment: 'development' };

function CreateForm({ onClose }: { onClose: () => void }) {
  const { console } = useSession();
  const form = useCreation(
    fresh,
    (values) => console.call<{ tenant: string }>('tenants', { method: 'POST', body: values }),
    (made) => location.assign(tenantHref(made.tenant)), // the whole page anew: the session has another membership
  );
  const { name, environment } = form.values;
  const availability = useAvailability(name);
  return (
    <CreationDialog form={form} incomplete={!availability.free} onClose={onClose}>
      <TextInput
        label="Name"
        description="3 to 63 lower-case letters, digits and hyphens. It becomes the first part of the tenant’s domain and cannot be changed."
        value={name}
        onChange={(e) => form.set('name', e.currentTarget.value.toLowerCase())}
        error={availability.error ?? form.fault('name')}
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
          onChange={(v) => form.set('environment', v as Environment)}
          data={[
            { value: 'development', label: 'Development' },
            { value: 'staging', label: 'Staging' },
            { value: 'production', label: 'Production' },
          ]}
        />
      </div>
    </CreationDialog>
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
