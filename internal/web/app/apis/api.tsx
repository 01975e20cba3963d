import { Badge } from '@mantine/core';
import { useResource } from '../api/hooks';
import type { ResourceServer } from '../api/types';
import type { ViewProps } from '../pages';
import { useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { part } from '../ui/part';
import { ErrorState, LoadingRows } from '../ui/states';
import { UrlTabs } from '../ui/tabs';
import { APIApplications } from './applications';
import { Permissions } from './permissions';
import { APIQuickstart } from './quickstart';
import { APISettings } from './settings';
import { TestToken } from './test';

/** Only the Management API has it. */
const Explorer = part(() => import('./explorer/explorer'));

/** One API. */
export default function API({ params }: ViewProps) {
  const { api, href } = useTenant();
  const path = `resource-servers/${encodeURIComponent(params.id ?? '')}`;
  const resource = useResource<ResourceServer>(path);
  const machines = api.can('read:clients') && api.can('read:client_grants');
  const { data: rs, error, reload } = resource;
  const back = { href: href('/apis'), label: 'APIs' };

  if (error && !rs) {
    return (
      <>
        <PageHeader title="API" back={back} />
        <ErrorState error={error} retry={reload} />
      </>
    );
  }
  if (!rs) {
    return (
      <>
        <PageHeader title=" " back={back} />
        <LoadingRows />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={rs.name ?? rs.identifier}
        mark={rs.is_system && <Badge color="gray">System API</Badge>}
        back={back}
        help="designing-apis.md"
      >
        <InlineId value={rs.identifier} label="Copy the identifier" />
      </PageHeader>
      <UrlTabs
        tabs={[
          { id: 'quickstart', label: 'Quickstart', view: <APIQuickstart rs={rs} />, hidden: rs.is_system && !machines },
          { id: 'settings', label: 'Settings', view: <APISettings resource={resource} rs={rs} /> },
          { id: 'permissions', label: 'Permissions', view: <Permissions resource={resource} rs={rs} /> },
          { id: 'applications', label: 'Machine to Machine Applications', view: <APIApplications rs={rs} />, hidden: !machines },
          { id: 'test', label: 'Test', view: <TestToken rs={rs} />, hidden: !machines },
          { id: 'explorer', label: 'API Explorer', view: <Explorer rs={rs} loading={<LoadingRows />} />, hidden: !rs.is_system },
        ]}
      />
    </>
  );
}
