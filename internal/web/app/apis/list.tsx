import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ResourceServer } from '../api/types';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { IconApi, IconPlus } from '../ui/icons';
import { usePaged } from '../ui/list';
import { ListBody } from '../ui/listbody';
import { ListPager, NoRows } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { duration } from '../ui/time';
import { CreateAPI } from './create';

const columns: Column<ResourceServer>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (rs) => (
      <>
        {rs.name ?? rs.identifier}{' '}
        {rs.is_system && (
          <Badge size="xs" color="gray" ml={6}>
            System
          </Badge>
        )}
      </>
    ),
    below: (rs) => <code>{rs.identifier}</code>,
  },
  {
    id: 'identifier',
    header: 'Identifier (audience)',
    width: '38%',
    wide: true,
    cell: (rs) => <InlineId value={rs.identifier} label="Copy the identifier" />,
  },
  { id: 'scopes', header: 'Permissions', width: '110px', align: 'right', cell: (rs) => rs.scopes?.length ?? 0 },
  {
    id: 'lifetime',
    header: 'Token life',
    width: '120px',
    align: 'right',
    wide: true,
    cell: (rs) => (
      <Text size="sm" c="dimmed">
        {duration(rs.token_lifetime)}
      </Text>
    ),
  },
];

/** All APIs of the tenant. */
export default function APIs() {
  const { href } = useTenant();
  const mayCreate = useCan('create:resource_servers');
  const [creating, create] = useDisclosure(false);
  const list = usePaged<'resource_servers', ResourceServer>('resource-servers', 'resource_servers');
  const action = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
      Create API
    </Button>
  );
  const none = (
    <EmptyState icon={IconApi} title="No APIs yet" action={action}>
      Register your API with an identifier of your choice; tokens name it as their audience.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="APIs" help="designing-apis.md" action={action}>
        What tokens are for. A token is good for one API, and carries the permissions that were granted on it.
      </PageHeader>
      <Panel flush>
        <ListBody
          list={list}
          label="APIs"
          columns={columns}
          rows={list.rows}
          rowKey={(rs) => rs.id}
          href={(rs) => href(`/apis/${rs.id}`)}
          empty={<NoRows list={list} empty={none} />}
        />
      </Panel>
      <ListPager list={list} />
      <CreateAPI opened={creating} onClose={create.close} />
    </>
  );
}
