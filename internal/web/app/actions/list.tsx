import { Text } from '@mantine/core';
import { useResource } from '../api/hooks';
import { useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconBolt } from '../ui/icons';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { Ago } from '../ui/time';
import { NotRun } from './bound';
import { DraftStatus } from './status';
import { type Action, triggerLabel } from './types';

const columns: Column<Action>[] = [
  { id: 'name', header: 'Name', cell: (a) => a.name },
  {
    id: 'trigger',
    header: 'Trigger',
    width: '230px',
    wide: true,
    cell: (a) => (
      <Text size="sm" c="dimmed" truncate>
        {a.supported_triggers.map(triggerLabel).join(', ')}
      </Text>
    ),
  },
  { id: 'updated', header: 'Changed', width: '120px', wide: true, cell: (a) => <Ago date={a.updated_at} /> },
  { id: 'deployed', header: 'Deployed', width: '150px', wide: true, cell: (a) => <Deployed action={a} /> },
  { id: 'status', header: 'Draft', width: '110px', cell: (a) => <DraftStatus action={a} /> },
];

function Deployed({ action }: { action: Action }) {
  const number = action.deployed_version?.number;
  return (
    <Text size="sm" c="dimmed">
      {number === undefined ? 'Not yet' : action.all_changes_deployed ? `Version ${number}` : `Version ${number}, older`}
    </Text>
  );
}

/** All Actions of the tenant; the API has no more than a hundred. */
export default function Actions() {
  const { href } = useTenant();
  const list = useResource<{ actions: Action[] }>('actions/actions?per_page=100');
  return (
    <>
      <PageHeader title="Actions" help="dashboard.md#actions">
        Code of yours that is to run when something happens.
      </PageHeader>
      <NotRun />
      <Panel flush>
        <ListBody
          list={list}
          label="Actions"
          columns={columns}
          rows={list.data?.actions ?? []}
          rowKey={(a) => a.id}
          href={(a) => href(`/actions/${a.id}`)}
          expected={3}
          empty={
            <EmptyState icon={IconBolt} title="No Actions yet">
              They come by the Management API: <code>POST /api/v2/actions/actions</code>, or an import of the Auth0 Deploy CLI.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}
