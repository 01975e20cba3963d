import type { Resource } from '../api/hooks';
import type { Settings } from '../api/types';
import { useEdit } from '../forms/edit';
import { SelectField, SwitchField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useCan } from '../shell/tenant';
import { Section } from '../ui/panel';
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
      <SaveBar edit={edit} />
    </>
  );
}
