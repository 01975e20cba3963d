import { Checkbox, Stack } from '@mantine/core';
import type { Resource } from '../api/hooks';
import type { Client } from '../api/types';
import { type Edit, useEdit } from '../forms/edit';
import { SelectField, SwitchField, TextField } from '../forms/fields';
import { type Pairs, PairsField, pairsOf, patchOfPairs } from '../forms/pairs';
import { SaveBar } from '../forms/savebar';
import { useCan, useTenant } from '../shell/tenant';
import { CopyField } from '../ui/copy';
import { DeleteRow } from '../ui/deletezone';
import { FixedField } from '../ui/fieldlabel';
import { Section, SectionGroup } from '../ui/panel';
import { plain, short } from '../ui/plain';
import { RotateSecret } from './credentials';
import { kinds } from './kinds';
import { clientPath } from './secret';

interface Values {
  name: string;
  description: string;
  logo_uri: string;
  app_type: string;
  grant_types: string[];
  client_metadata: Pairs;
  is_token_endpoint_ip_header_trusted: boolean;
}

function read(client: Client): Values {
  return {
    name: client.name,
    description: client.description ?? '',
    logo_uri: client.logo_uri ?? '',
    app_type: client.app_type ?? '',
    grant_types: client.grant_types ?? [],
    client_metadata: pairsOf(client.client_metadata),
    is_token_endpoint_ip_header_trusted: client.is_token_endpoint_ip_header_trusted,
  };
}

export function ApplicationSettings({ resource, client }: { resource: Resource<Client>; client: Client }) {
  const edit = useEdit<Client, Values>({
    resource,
    path: `clients/${client.client_id}`,
    reads: clientPath(client.client_id),
    read,
    readOnly: !useCan('update:clients'),
    write: (changed) => ({
      ...changed,
      ...(changed.client_metadata && { client_metadata: patchOfPairs(client.client_metadata, changed.client_metadata) }),
    }),
  });
  return (
    <>
      <BasicInformation edit={edit} client={client} />
      <Advanced edit={edit} />
      <DangerZone client={client} />
      <SaveBar edit={edit} />
    </>
  );
}

function BasicInformation({ edit, client }: { edit: Edit<Values>; client: Client }) {
  const { membership } = useTenant();
  const types: { value: string; label: string }[] = kinds.map(({ value, label }) => ({ value, label }));
  if (!types.some((t) => t.value === edit.values.app_type)) {
    types.unshift({ value: edit.values.app_type, label: edit.values.app_type || 'Generic' });
  }
  return (
    <Section title="Basic information">
      <TextField edit={edit} name="name" label="Name" rule="text without < and >" />
      <CopyField label="Domain" value={membership.domain} />
      <TextField edit={edit} name="description" label="Description" description="At most 140 characters." maxLength={140} lines={2} />
      <TextField
        edit={edit}
        name="logo_uri"
        label="Logo"
        rule="an address such as https://example.com/logo.png"
        description="The address of a picture, for tools that show one. This page loads none from elsewhere."
        placeholder="https://example.com/logo.png"
      />
      <SelectField edit={edit} name="app_type" label="Application type" data={types} />
      <FixedField label="Ownership">
        {client.is_first_party ? 'First-party' : 'Third-party'}. This is decided when an application is created.
      </FixedField>
    </Section>
  );
}

function Advanced({ edit }: { edit: Edit<Values> }) {
  return (
    <SectionGroup title="Advanced">
      <Section order={3} title="Metadata" description="Up to 10 pairs that your own tools can read. They are not in tokens.">
        <PairsField edit={edit} name="client_metadata" />
      </Section>
      <Section order={3} title="OAuth">
        <SwitchField
          edit={edit}
          name="is_token_endpoint_ip_header_trusted"
          label="Trust the token endpoint’s IP header"
          description="Stored for the tools that read it. writ takes the caller’s address from the connection and from trusted proxies, never from auth0-forwarded-for."
        />
      </Section>
      <Section
        order={3}
        title="Grant types"
        description="How the application may ask for tokens. Without client credentials the token endpoint refuses it."
      >
        <GrantTypes
          chosen={edit.values.grant_types}
          set={(v) => edit.set('grant_types', v)}
          readOnly={edit.readOnly}
          fault={edit.fault('grant_types')}
        />
      </Section>
      <Endpoints />
    </SectionGroup>
  );
}

const machineGrants = [
  { value: 'client_credentials', label: 'Client credentials', description: 'A machine asks on its own account.' },
  { value: 'authorization_code', label: 'Authorization code', description: 'Stored, without effect: people do not sign in here.' },
  { value: 'refresh_token', label: 'Refresh token', description: 'Stored, without effect.' },
  { value: 'implicit', label: 'Implicit', description: 'Stored, without effect.' },
];

function GrantTypes({ chosen, set, readOnly, fault }: { chosen: string[]; set: (v: string[]) => void; readOnly: boolean; fault?: string }) {
  const unknown = chosen
    .filter((v) => !machineGrants.some((g) => g.value === v))
    .map((value) => ({ value, label: value, description: undefined }));
  return (
    <Checkbox.Group value={chosen} onChange={set} aria-label="Grant types" error={fault}>
      <Stack gap="sm">
        {[...machineGrants, ...unknown].map((g) => (
          <Checkbox key={g.value} value={g.value} label={g.label} description={g.description} disabled={readOnly} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function Endpoints() {
  const { membership } = useTenant();
  const base = `https://${membership.domain}`;
  return (
    <Section order={3} title="Endpoints" description="Of the tenant; the same for all its applications.">
      <CopyField label="Token endpoint" value={`${base}/oauth/token`} />
      <CopyField label="Issuer of its tokens" value={`${base}/`} />
      <CopyField label="JSON Web Key Set" value={`${base}/.well-known/jwks.json`} />
      <CopyField label="Metadata (RFC 8414)" value={`${base}/.well-known/oauth-authorization-server`} />
    </Section>
  );
}

function DangerZone({ client }: { client: Client }) {
  const mayDelete = useCan('delete:clients');
  const mayRotate = useCan('update:client_keys');
  if (!mayDelete && !mayRotate) {
    return null;
  }
  return (
    <Section title="Danger zone" danger>
      {mayRotate && <RotateSecret client={client} />}
      <DeleteRow
        scope="delete:clients"
        noun="application"
        name={client.name}
        path={`clients/${client.client_id}`}
        list="/applications"
        phrase={client.name}
        note="Its grants go with it. Tokens that it has live on until they expire."
      >
        {short(plain(client.name))} gets no tokens from this moment on. This cannot be undone.
      </DeleteRow>
    </Section>
  );
}
