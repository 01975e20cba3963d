import { Badge } from '@mantine/core';
import { useResource } from '../api/hooks';
import type { Client } from '../api/types';
import { EventList } from '../logs/events';
import type { ViewProps } from '../pages';
import { QuotaTab } from '../quota/quotatab';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { ErrorState, LoadingRows } from '../ui/states';
import { UrlTabs } from '../ui/tabs';
import { ApplicationAPIs } from './apis';
import { Credentials } from './credentials';
import { kindLabel } from './kinds';
import { ApplicationOrganizations } from './organizations';
import { ApplicationQuickstart } from './quickstart';
import { clientPath } from './secret';
import { ApplicationSettings } from './settings';

/** One application. */
export default function Application({ params }: ViewProps) {
  const { api, href } = useTenant();
  const id = params.id ?? '';
  const resource = useResource<Client>(clientPath(id));
  const grants = useCan('read:client_grants');
  const apis = useCan('read:resource_servers');
  const organizations = useCan('read:organizations') && api.can('read:organization_client_grants');
  const logs = useCan('read:logs');
  const { data: client, error, reload } = resource;
  const back = { href: href('/applications'), label: 'Applications' };

  if (error && !client) {
    return (
      <>
        <PageHeader title="Application" back={back} />
        <ErrorState error={error} retry={reload} />
      </>
    );
  }
  if (!client) {
    return (
      <>
        <PageHeader title=" " back={back} />
        <LoadingRows />
      </>
    );
  }
  return (
    <>
      <PageHeader title={client.name} mark={<Badge color="gray">{kindLabel(client)}</Badge>} back={back} help="dashboard.md#applications">
        <InlineId value={client.client_id} label="Copy the client ID" />
      </PageHeader>
      <UrlTabs
        tabs={[
          { id: 'quickstart', label: 'Quickstart', view: <ApplicationQuickstart client={client} />, hidden: !grants || !apis },
          { id: 'settings', label: 'Settings', view: <ApplicationSettings resource={resource} client={client} /> },
          { id: 'credentials', label: 'Credentials', view: <Credentials resource={resource} client={client} /> },
          { id: 'apis', label: 'APIs', view: <ApplicationAPIs client={client} />, hidden: !grants || !apis },
          {
            id: 'organizations',
            label: 'Organizations',
            view: <ApplicationOrganizations resource={resource} client={client} />,
            hidden: !grants || !organizations,
          },
          {
            id: 'quota',
            label: 'Quota',
            view: (
              <QuotaTab
                resource={resource}
                holder={client}
                path={`clients/${client.client_id}`}
                reads={clientPath(client.client_id)}
                use={`writ/clients/${client.client_id}/token-quota`}
                noun="application"
                scope="update:clients"
              />
            ),
          },
          { id: 'logs', label: 'Logs', view: <EventList only={`client_id:"${client.client_id}"`} />, hidden: !logs },
        ]}
      />
    </>
  );
}
