import { NativeSelect, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type Resource, useAction, useResource } from '../api/hooks';
import type { Environment, ResourceServer, Settings } from '../api/types';
import { useEdit } from '../forms/edit';
import { SelectField, TextField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useSession } from '../shell/session';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { CopyField } from '../ui/copy';
import { Section } from '../ui/panel';
import { settingsPath, WithSettings } from './form';

interface Values {
  friendly_name: string;
  support_email: string;
  support_url: string;
  default_audience: string;
}

function read(settings: Settings): Values {
  return {
    friendly_name: settings.friendly_name ?? '',
    support_email: settings.support_email ?? '',
    support_url: settings.support_url ?? '',
    default_audience: settings.default_audience ?? '',
  };
}

/** The API takes any text. */
function check({ support_email: email }: Partial<Values>) {
  return email && !/^[^\s@]+@[^\s@]+$/.test(email)
    ? ({ name: 'support_email', text: 'Support email: an address such as support@example.com.' } as const)
    : undefined;
}

export function GeneralSettings() {
  return <WithSettings>{(resource) => <GeneralForm resource={resource} />}</WithSettings>;
}

function GeneralForm({ resource }: { resource: Resource<Settings> }) {
  const { membership } = useTenant();
  const edit = useEdit<Settings, Values>({ resource, path: settingsPath, read, check, readOnly: !useCan('update:tenant_settings') });
  return (
    <>
      <Section title="Tenant">
        <CopyField label="Name" value={membership.tenant} description="Given once and for ever; the first part of the domain." />
        <CopyField label="Domain" value={membership.domain} />
        <Environments />
      </Section>
      <Section title="Details" description="What people see of the tenant.">
        <TextField edit={edit} name="friendly_name" label="Friendly name" />
        <TextField edit={edit} name="support_email" label="Support email" placeholder="support@example.com" />
        <TextField
          edit={edit}
          name="support_url"
          label="Support URL"
          placeholder="https://example.com/support"
          rule="an address such as https://example.com/support"
        />
      </Section>
      <Section title="API authorization">
        <DefaultAudience edit={edit} />
      </Section>
      <SaveBar edit={edit} />
    </>
  );
}

function DefaultAudience({ edit }: { edit: ReturnType<typeof useEdit<Settings, Values>> }) {
  const readable = useCan('read:resource_servers');
  const { data } = useResource<ResourceServer[]>(readable ? 'resource-servers?per_page=100&fields=identifier,name,is_system' : null);
  const apis = (data ?? [])
    .filter((a) => !a.is_system)
    .map((a) => ({ value: a.identifier, label: `${a.name ?? a.identifier} (${a.identifier})` }));
  const present = edit.values.default_audience;
  if (present && !apis.some((a) => a.value === present)) {
    apis.push({ value: present, label: present });
  }
  return (
    <SelectField
      edit={edit}
      name="default_audience"
      label="Default audience"
      description="The API that a token request without an audience means."
      data={[{ value: '', label: 'None: a request has to name its API' }, ...apis]}
    />
  );
}

/** The environment tag: at once, for it drives limits and is shown beside the tenant's name everywhere. */
function Environments() {
  const { api, membership } = useTenant();
  const { refresh } = useSession();
  const mayTag = useCan('update:writ_tenant');
  const tag = useAction(async (environment: Environment) => {
    await api.patch('writ/tenant', { environment });
    notifications.show({ color: 'green', message: `${membership.tenant} is tagged ${environment}.` });
    refresh();
  });
  return (
    <div>
      <NativeSelect
        label="Environment"
        description="Drives the limits of the tenant, and warns people before they touch production."
        value={membership.environment}
        disabled={!mayTag || tag.busy}
        onChange={(e) => void tag.run(e.currentTarget.value as Environment)}
        data={[
          { value: 'development', label: 'Development' },
          { value: 'staging', label: 'Staging' },
          { value: 'production', label: 'Production' },
        ]}
      />
      {!mayTag && (
        <Text size="xs" c="dimmed" mt={4}>
          Your role does not change it.
        </Text>
      )}
      <ActionError error={tag.error} />
    </div>
  );
}
