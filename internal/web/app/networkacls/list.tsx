import { Badge, Button, Text } from '@mantine/core';
import { useResource } from '../api/hooks';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconPlus, IconWall } from '../ui/icons';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { actionLabel, type NetworkACL, scopeLabel } from './types';

const columns: Column<NetworkACL>[] = [
  { id: 'description', header: 'Description', cell: (a) => a.description },
  { id: 'action', header: 'Action', width: '120px', wide: true, cell: actionLabel },
  {
    id: 'scope',
    header: 'Requests to',
    width: '290px',
    wide: true,
    cell: (a) => (
      <Text size="sm" c="dimmed">
        {scopeLabel(a)}
      </Text>
    ),
  },
  { id: 'priority', header: 'Priority', width: '90px', align: 'right', cell: (a) => a.priority },
  {
    id: 'status',
    header: 'Status',
    width: '120px',
    cell: (a) => <Badge color={a.active ? 'green' : 'gray'}>{a.active ? 'Active' : 'Off'}</Badge>,
  },
];

/** All network ACLs of the tenant, in the order in which they are looked at; priorities bound them to a hundred. */
export default function NetworkACLs() {
  const { href } = useTenant();
  const mayCreate = useCan('create:network_acls');
  const list = useResource<NetworkACL[]>('network-acls?per_page=100');
  const rows = [...(list.data ?? [])].sort((a, b) => a.priority - b.priority);
  const action = mayCreate && (
    <Button component={Link} href={href('/network-acls/new')} leftSection={<IconPlus size={16} />}>
      Create rule
    </Button>
  );
  return (
    <>
      <PageHeader title="Network ACLs" help="operations.md#who-may-ask-and-how-often" action={action}>
        Rules on who may reach the tenant, by where requests come from. The lowest priority is looked at first.
      </PageHeader>
      <Panel flush>
        <ListBody
          list={list}
          label="Network ACLs"
          columns={columns}
          rows={rows}
          rowKey={(a) => a.id}
          href={(a) => href(`/network-acls/${a.id}`)}
          expected={3}
          empty={
            <EmptyState icon={IconWall} title="No rules yet" action={action}>
              Every address may ask for tokens and call the Management API, with the right credentials.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}
