import { Button, NativeSelect } from '@mantine/core';
import { useResource } from '../api/hooks';
import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { useGrants } from '../grants/grants';
import { useQuery, useRouter, withParameters } from '../router';
import { SampleTabs } from '../samples/sampletabs';
import { IconApi, IconKey } from '../ui/icons';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { isMachine } from './kinds';

/** Code with which the application calls one of the APIs that it is authorized for. */
export function ApplicationQuickstart({ client }: { client: Client }) {
  const router = useRouter();
  const { data, grants, error, reload } = useGrants({ client_id: client.client_id });
  const obstacle = obstacleOf(client);
  if (obstacle) {
    return (
      <EmptyState icon={IconKey} title={obstacle.title}>
        {obstacle.text}
      </EmptyState>
    );
  }
  if (error) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={8} />;
  }
  if (grants.size === 0) {
    const open = (
      <Button onClick={() => void router.go(withParameters({ tab: 'apis' }))} variant="default">
        Choose an API
      </Button>
    );
    return (
      <EmptyState icon={IconApi} title="It may not call any API yet" action={open}>
        Authorize the application for an API. The code that calls it is shown here then.
      </EmptyState>
    );
  }
  return <Samples client={client} grants={grants} />;
}

/** Why no sample would get a token as this application. */
function obstacleOf(client: Client): { title: string; text: string } | null {
  if (client.token_endpoint_auth_method === 'none') {
    return {
      title: 'A public application has no secret',
      text: 'It cannot get tokens on its own account. Create a machine to machine application for the program that calls your API.',
    };
  }
  if (!isMachine(client)) {
    return { title: 'It may not use client credentials', text: 'Allow that grant type under Settings, and the code is shown here.' };
  }
  if (Object.keys(client.client_authentication_methods ?? {}).length > 0) {
    return {
      title: 'It proves itself with keys',
      text: 'The token endpoint refuses a secret from it, and every sample here sends one. See Credentials.',
    };
  }
  return null;
}

function Samples({ client, grants }: { client: Client; grants: Map<string, ClientGrant> }) {
  const audiences = [...grants.keys()].sort();
  const [wanted, choose] = useQuery('audience', audiences[0]);
  const audience = grants.has(wanted) ? wanted : (audiences[0] ?? '');
  const { data: api, error, reload } = useResource<ResourceServer>(`resource-servers/${encodeURIComponent(audience)}`);
  const known = useResource<ResourceServer[]>('resource-servers?per_page=100').data ?? [];
  const name = (identifier: string) => known.find((rs) => rs.identifier === identifier)?.name;
  return (
    <>
      {audiences.length > 1 && (
        <NativeSelect
          label="API"
          maw={420}
          mb="lg"
          value={audience}
          onChange={(e) => choose(e.currentTarget.value)}
          data={audiences.map((value) => ({ value, label: name(value) ? `${name(value)} (${value})` : value }))}
        />
      )}
      {error && !api && <ErrorState error={error} retry={reload} />}
      {!error && !api && <LoadingRows rows={8} />}
      {api && <SampleTabs key={api.id} client={client} api={api} grant={grants.get(audience)} />}
    </>
  );
}
