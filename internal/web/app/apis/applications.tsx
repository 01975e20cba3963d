import { withQuery } from '../api/tenant';
import type { Client, ResourceServer } from '../api/types';
import { searched, texts } from '../applications/searched';
import { GrantList } from '../grants/grantlist';
import { useGrants } from '../grants/grants';
import { useTenant } from '../shell/tenant';
import { IconApps } from '../ui/icons';
import { EmptyState } from '../ui/states';

const path = withQuery('clients', { is_global: false, fields: 'client_id,name,grant_types' });

/** The applications that may ask for tokens of the API. */
export function APIApplications({ rs }: { rs: ResourceServer }) {
  const { href } = useTenant();
  return (
    <GrantList<'clients', Client>
      grants={useGrants({ audience: rs.identifier })}
      label="Applications"
      title="Applications that may call it"
      description="Switch an application on to authorize it; the arrow beside it opens its permissions."
      path={path}
      listKey="clients"
      searched={searched}
      texts={texts}
      empty={
        <EmptyState icon={IconApps} title="No applications yet">
          Create the application that calls this API, then authorize it here.
        </EmptyState>
      }
      row={(c) => ({
        other: c.client_id,
        title: c.name,
        subtitle: c.client_id,
        href: href(`/applications/${c.client_id}?tab=apis`),
        clientID: c.client_id,
        audience: rs.identifier,
        scopes: rs.scopes ?? [],
        system: rs.is_system,
      })}
    />
  );
}
