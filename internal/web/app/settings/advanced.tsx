import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Resource } from '../api/hooks';
import type { Settings } from '../api/types';
import { useEdit } from '../forms/edit';
import { SelectField, SwitchField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useSession } from '../shell/session';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { DangerRow, Section } from '../ui/panel';
import { settingsPath, WithSettings } from './form';

interface Values {
  resource_parameter_profile: string;
  allow_organization_name_in_authentication_api: boolean;
  /** Stands for flags.enable_dynamic_client_registration. */
  flags: boolean;
}

function read(settings: Settings): Values {
  return {
    resource_parameter_profile: settings.resource_parameter_profile ?? 'audience',
    allow_organization_name_in_authentication_api: settings.allow_organization_name_in_authentication_api ?? false,
    flags: settings.flags?.enable_dynamic_client_registration ?? false,
  };
}

export function AdvancedSettings() {
  return <WithSettings>{(resource) => <AdvancedForm resource={resource} />}</WithSettings>;
}

function AdvancedForm({ resource }: { resource: Resource<Settings> }) {
  const edit = useEdit<Settings, Values>({
    resource,
    path: settingsPath,
    read,
    readOnly: !useCan('update:tenant_settings'),
    write: ({ flags, ...changed }) => ({
      ...changed,
      ...(flags !== undefined && { flags: { enable_dynamic_client_registration: flags } }),
    }),
  });
  return (
    <>
      <Section title="Token requests">
        <SelectField
          edit={edit}
          name="resource_parameter_profile"
          label="Resource parameter"
          description="Whether a token request may name its API by resource (RFC 8707) where audience is absent."
          data={[
            { value: 'audience', label: 'audience only' },
            { value: 'compatibility', label: 'audience, or resource where it is absent' },
          ]}
        />
        <SwitchField
          edit={edit}
          name="allow_organization_name_in_authentication_api"
          label="Names of organizations in the Authentication API"
          description="The organization parameter may be a name, and tokens carry it as org_name."
        />
      </Section>
      <Section title="Registration" description="Applications that register themselves.">
        <SwitchField
          edit={edit}
          name="flags"
          label="Dynamic client registration"
          description="Stored for the tools that read it; writ has no registration endpoint."
        />
      </Section>
      <DangerZone />
      <SaveBar edit={edit} />
    </>
  );
}

function DangerZone() {
  const { membership } = useTenant();
  const { console } = useSession();
  const [asking, ask] = useDisclosure(false);
  const { tenant } = membership;
  if (membership.role !== 'owner') {
    return null;
  }
  const destroy = async () => {
    await console.call(`tenants/${encodeURIComponent(tenant)}`, { method: 'DELETE' });
    location.assign('/manage/'); // the whole page anew: the session has a membership less
  };
  return (
    <Section title="Danger zone" danger>
      <DangerRow
        title="Delete this tenant"
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Delete
          </Button>
        }
      >
        Its applications, APIs, keys and its log go with it, and its name is never given again.
      </DangerRow>
      <ConfirmDelete opened={asking} onClose={ask.close} title="Delete the tenant?" verb="Delete" phrase={tenant} act={destroy}>
        No application gets tokens from {tenant} any more, and APIs that read its keys again refuse those that are out. This cannot be
        undone.
      </ConfirmDelete>
    </Section>
  );
}
