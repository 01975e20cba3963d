import { Alert } from '@mantine/core';
import type { Client, ResourceServer } from '../api/types';
import { GrantRow } from '../grants/grantrow';
import classes from '../grants/grantrow.module.css';
import { useGrants } from '../grants/grants';
import { useTenant } from '../shell/tenant';
import { IconApi } from '../ui/icons';
import { perPage, usePaged } from '../ui/list';
import { Pager } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { isMachine } from './kinds';

/** The APIs that the application may ask tokens for. */
export function ApplicationAPIs({ client }: { client: Client }) {
  const { href } = useTenant();
  const apis = usePaged<'resource_servers', ResourceServer>('resource-servers', 'resource_servers');
  const { grants, data, error, reload, put } = useGrants({ client_id: client.client_id });
  const failure = error ?? apis.error;
  if (failure && (!data || !apis.data)) {
    return <ErrorState error={failure} retry={error ? reload : apis.reload} />;
  }
  if (!data || !apis.data) {
    return <LoadingRows rows={4} height={60} />;
  }
  if (apis.total === 0) {
    return (
      <EmptyState icon={IconApi} title="No APIs yet">
        Register the API that this application calls, then authorize it here.
      </EmptyState>
    );
  }
  return (
    <>
      {!isMachine(client) && (
        <Alert color="yellow" mb="md">
          This application may not use the client credentials grant, so that what is authorized here gives it no token. See Settings, Grant
          types.
        </Alert>
      )}
      <Panel
        flush
        title="APIs that it may call"
        description="Switch an API on to authorize the application for it; the arrow beside it opens the permissions."
      >
        <ul className={classes.list}>
          {apis.rows.map((rs) => (
            <GrantRow
              key={rs.id}
              title={rs.name ?? rs.identifier}
              subtitle={rs.identifier}
              href={href(`/apis/${rs.id}`)}
              clientID={client.client_id}
              audience={rs.identifier}
              scopes={rs.scopes ?? []}
              system={rs.is_system}
              grant={grants.get(rs.identifier)}
              onChange={(grant) => put(rs.identifier, grant)}
            />
          ))}
        </ul>
      </Panel>
      <Pager page={apis.page} perPage={perPage} total={apis.total} count={apis.rows.length} onPage={apis.setPage} />
    </>
  );
}
