import { Alert } from '@mantine/core';
import type { Client, ResourceServer } from '../api/types';
import { searched, texts } from '../apis/searched';
import { GrantList } from '../grants/grantlist';
import { useGrants } from '../grants/grants';
import { useTenant } from '../shell/tenant';
import { IconApi } from '../ui/icons';
import { EmptyState } from '../ui/states';
import { isMachine } from './kinds';

/** The APIs that the application may ask tokens for. */
export function ApplicationAPIs({ client }: { client: Client }) {
  const { href } = useTenant();
  const grants = useGrants({ client_id: client.client_id });
  return (
    <>
      {!isMachine(client) && (
        <Alert color="yellow" mb="md">
          This application may not use the client credentials grant, so that what is authorized here gives it no token. See Settings, Grant
          types.
        </Alert>
      )}
      <GrantList<'resource_servers', ResourceServer>
        grants={grants}
        label="APIs"
        title="APIs that it may call"
        description="Switch an API on to authorize the application for it; the arrow beside it opens the permissions."
        path="resource-servers"
        listKey="resource_servers"
        searched={searched}
        texts={texts}
        empty={
          <EmptyState icon={IconApi} title="No APIs yet">
            Register the API that this application calls, then authorize it here.
          </EmptyState>
        }
        row={(rs) => ({
          other: rs.identifier,
          title: rs.name ?? rs.identifier,
          subtitle: rs.identifier,
          href: href(`/apis/${rs.id}`),
          clientID: client.client_id,
          audience: rs.identifier,
          scopes: rs.scopes ?? [],
          system: rs.is_system,
        })}
      />
    </>
  );
}
