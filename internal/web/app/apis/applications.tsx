import { withQuery } from '../api/tenant';
import type { Client, ResourceServer } from '../api/types';
import { GrantRow } from '../grants/grantrow';
import classes from '../grants/grantrow.module.css';
import { useGrants } from '../grants/grants';
import { useTenant } from '../shell/tenant';
import { IconApps } from '../ui/icons';
import { perPage, usePaged } from '../ui/list';
import { Pager } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';

const path = withQuery('clients', { is_global: false, fields: 'client_id,name,grant_types' });

/** The applications that may ask for tokens of the API. */
export function APIApplications({ rs }: { rs: ResourceServer }) {
  const { href } = useTenant();
  const clients = usePaged<'clients', Client>(path, 'clients');
  const { grants, data, error, reload, put } = useGrants({ audience: rs.identifier });
  const failure = error ?? clients.error;
  if (failure && (!data || !clients.data)) {
    return <ErrorState error={failure} retry={error ? reload : clients.reload} />;
  }
  if (!data || !clients.data) {
    return <LoadingRows rows={4} height={60} />;
  }
  if (clients.total === 0) {
    return (
      <EmptyState icon={IconApps} title="No applications yet">
        Create the application that calls this API, then authorize it here.
      </EmptyState>
    );
  }
  return (
    <>
      <Panel
        flush
        title="Applications that may call it"
        description="Switch an application on to authorize it; the arrow beside it opens its permissions."
      >
        <ul className={classes.list}>
          {clients.rows.map((c) => (
            <GrantRow
              key={c.client_id}
              title={c.name}
              subtitle={c.client_id}
              href={href(`/applications/${c.client_id}?tab=apis`)}
              clientID={c.client_id}
              audience={rs.identifier}
              scopes={rs.scopes ?? []}
              system={rs.is_system}
              grant={grants.get(c.client_id)}
              onChange={(grant) => put(c.client_id, grant)}
            />
          ))}
        </ul>
      </Panel>
      <Pager page={clients.page} perPage={perPage} total={clients.total} count={clients.rows.length} onPage={clients.setPage} />
    </>
  );
}
