import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Resource } from '../api/hooks';
import type { Client } from '../api/types';
import { useEdit } from '../forms/edit';
import { SelectField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { CopyField, SecretField } from '../ui/copy';
import { FixedField } from '../ui/fieldlabel';
import { DangerRow, Section } from '../ui/panel';
import { clientPath, hasSecret, useSecret } from './secret';

interface Values {
  token_endpoint_auth_method: string;
}

function read(client: Client): Values {
  return { token_endpoint_auth_method: client.token_endpoint_auth_method ?? '' };
}

const methods = [
  { value: '', label: 'Client secret, in the body or as Basic' },
  { value: 'client_secret_post', label: 'Client secret in the body (client_secret_post)' },
  { value: 'client_secret_basic', label: 'Client secret as Basic (client_secret_basic)' },
  { value: 'none', label: 'None: a public client, which gets no tokens on its own account' },
];

/** How the application proves who it is. */
export function Credentials({ resource, client }: { resource: Resource<Client>; client: Client }) {
  const mayRotate = useCan('update:client_keys');
  const edit = useEdit<Client, Values>({
    resource,
    path: `clients/${client.client_id}`,
    reads: clientPath(client.client_id),
    read,
    readOnly: !useCan('update:clients'),
    write: ({ token_endpoint_auth_method: method }) => ({ token_endpoint_auth_method: method || null }),
  });
  const secret = useSecret(client);
  const [rotations, setRotations] = useState(0);
  const keys = Object.keys(client.client_authentication_methods ?? {});
  return (
    <>
      <Section
        title="Client ID and secret"
        description="Whoever has both is this application. Keep the secret out of source code, and rotate it when somebody who knew it leaves."
      >
        <CopyField label="Client ID" value={client.client_id} />
        {secret ? (
          <SecretField key={rotations} label="Client secret" value={secret} />
        ) : (
          <FixedField label="Client secret">{nothingShown(client)}</FixedField>
        )}
      </Section>
      <Section title="Authentication method" description="What the token endpoint accepts from this application.">
        {keys.length > 0 ? (
          <Text>
            Keys instead of a secret: <code>{keys.join(', ')}</code>. They are set through the Management API.
          </Text>
        ) : (
          <SelectField edit={edit} name="token_endpoint_auth_method" label="Method" data={methods} />
        )}
      </Section>
      {mayRotate && (
        <Section title="Danger zone" danger>
          <RotateSecret client={client} onRotated={() => setRotations(rotations + 1)} />
        </Section>
      )}
      <SaveBar edit={edit} />
    </>
  );
}

/** Why there is no secret to see. */
function nothingShown(client: Client): string {
  if (client.token_endpoint_auth_method === 'none') {
    return 'A public client has none.';
  }
  return hasSecret(client) ? 'Your role does not show secrets.' : 'It proves itself with keys.';
}

/** Gives the application a new secret, which Credentials shows from then on. */
export function RotateSecret({ client, onRotated }: { client: Client; onRotated?: () => void }) {
  const { api } = useTenant();
  const [asking, ask] = useDisclosure(false);
  const rotate = async () => {
    await api.post(`clients/${client.client_id}/rotate-secret`);
    onRotated?.();
    notifications.show({ color: 'green', message: `${client.name} has a new secret. It is shown under Credentials.` });
  };
  return (
    <>
      <DangerRow
        title="Rotate the secret"
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Rotate
          </Button>
        }
      >
        The present secret stops working at once.
      </DangerRow>
      <ConfirmDelete opened={asking} onClose={ask.close} title="Rotate the secret?" verb="Rotate" act={rotate}>
        Every program that uses the present secret of {client.name} is refused from this moment on, until it has the new one.
      </ConfirmDelete>
    </>
  );
}
