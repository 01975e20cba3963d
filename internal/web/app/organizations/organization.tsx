import { useResource } from '../api/hooks';
import type { Organization as Values } from '../api/types';
import { EventList } from '../logs/events';
import type { ViewProps } from '../pages';
import { QuotaTab } from '../quota/quotatab';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { ErrorState, LoadingRows } from '../ui/states';
import { UrlTabs } from '../ui/tabs';
import { MachineAccess } from './access';
import { OrganizationSettings } from './settings';

/** One organization. */
export default function Organization({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<Values>(`organizations/${encodeURIComponent(params.id ?? '')}`);
  const access = useCan('read:organization_client_grants');
  const logs = useCan('read:logs');
  const { data: organization, error, reload } = resource;
  const back = { href: href('/organizations'), label: 'Organizations' };
  if (!organization) {
    return (
      <>
        <PageHeader title={error ? 'Organization' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  return (
    <>
      <PageHeader title={organization.display_name ?? organization.name} back={back} help="dashboard.md#organizations">
        <InlineId value={organization.id} label="Copy the organization ID" />
      </PageHeader>
      <UrlTabs
        tabs={[
          { id: 'settings', label: 'Settings', view: <OrganizationSettings resource={resource} organization={organization} /> },
          { id: 'access', label: 'Machine-to-Machine Access', view: <MachineAccess organization={organization} />, hidden: !access },
          {
            id: 'quota',
            label: 'Quota',
            view: (
              <QuotaTab
                resource={resource}
                holder={organization}
                path={`organizations/${organization.id}`}
                use={`writ/organizations/${organization.id}/token-quota`}
                noun="organization"
                scope="update:organizations"
              />
            ),
          },
          { id: 'logs', label: 'Logs', view: <EventList only={`organization_id:"${organization.id}"`} />, hidden: !logs },
        ]}
      />
    </>
  );
}
