import { Text } from '@mantine/core';
import type { Resource } from '../api/hooks';
import type { ResourceServer } from '../api/types';
import { useEdit } from '../forms/edit';
import { NumberField, SelectField, SwitchField, TextField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useCan } from '../shell/tenant';
import { CopyField, SecretField } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { Section } from '../ui/panel';
import { duration } from '../ui/time';
import { TokenFields } from './tokenfields';
import { clientPolicies } from './words';

interface Values {
  name: string;
  token_lifetime: number;
  token_dialect: string;
  signing_alg: string;
  enforce_policies: boolean;
  /** Stands for subject_type_authorization.client.policy. */
  subject_type_authorization: string;
}

function read(rs: ResourceServer): Values {
  return {
    name: rs.name ?? '',
    token_lifetime: rs.token_lifetime,
    token_dialect: rs.token_dialect ?? 'access_token',
    signing_alg: rs.signing_alg,
    enforce_policies: rs.enforce_policies ?? false,
    subject_type_authorization: rs.subject_type_authorization.client.policy,
  };
}

export function APISettings({ resource, rs }: { resource: Resource<ResourceServer>; rs: ResourceServer }) {
  const mayUpdate = useCan('update:resource_servers');
  const name = rs.name ?? rs.identifier;
  const edit = useEdit<ResourceServer, Values>({
    resource,
    path: `resource-servers/${rs.id}`,
    read,
    readOnly: !mayUpdate,
    write: ({ subject_type_authorization: policy, ...changed }) => ({
      ...changed,
      ...(policy && { subject_type_authorization: { ...rs.subject_type_authorization, client: { policy } } }),
    }),
  });
  const lifetime = edit.values.token_lifetime;
  return (
    <>
      <Section title="General">
        {rs.is_system ? (
          <CopyField label="Name" value={rs.name ?? ''} />
        ) : (
          <TextField edit={edit} name="name" label="Name" rule="text without < and >" />
        )}
        <CopyField label="Identifier" value={rs.identifier} description="Tokens for this API carry it as aud. It cannot be changed." />
        <CopyField label="ID" value={rs.id} description="The API’s ID in the Management API." />
      </Section>
      <Section
        title="Tokens"
        description="Shorter lives are safer: a token cannot be called back. Machines ask for a new one by themselves."
      >
        <NumberField
          edit={edit}
          name="token_lifetime"
          label="Lifetime in seconds"
          description={lifetime > 0 ? `That is ${duration(lifetime)}. At most 30 days.` : 'At most 30 days.'}
        />
        {!rs.is_system && (
          <>
            <TokenFields edit={edit} />
            {rs.signing_secret && (
              <SecretField label="Signing secret" value={rs.signing_secret} description="HS256: whoever has it can make tokens." />
            )}
          </>
        )}
      </Section>
      {!rs.is_system && (
        <>
          <Section
            title="Role-based access"
            description="With a profile “with permissions”, tokens carry the granted permissions as a claim of their own."
          >
            <SwitchField
              edit={edit}
              name="enforce_policies"
              label="Enforce policies"
              description="Puts the permissions claim in tokens of such a profile."
            />
          </Section>
          <Section title="Application access" description="Which applications may ask for tokens at all.">
            <SelectField edit={edit} name="subject_type_authorization" label="Access policy" data={clientPolicies} />
          </Section>
        </>
      )}
      {rs.is_system ? (
        <Text size="sm" c="dimmed" py="lg">
          This API is a part of the tenant: it cannot be deleted, and its permissions are writ’s.
        </Text>
      ) : (
        <DeleteZone
          scope="delete:resource_servers"
          noun="API"
          name={name}
          path={`resource-servers/${rs.id}`}
          list="/apis"
          phrase={name}
          note="The grants of all applications for it go with it."
        >
          No application gets tokens for {name} from this moment on. This cannot be undone.
        </DeleteZone>
      )}
      <SaveBar edit={edit} />
    </>
  );
}
