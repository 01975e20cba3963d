import { Button, Text } from '@mantine/core';
import { useResource } from '../api/hooks';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconBroadcast, IconPlus } from '../ui/icons';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { NotDelivered } from './notyet';
import { sinkType } from './sinks';
import { StreamStatus } from './status';
import type { LogStream } from './types';

function dimmed(text: string) {
  return (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  );
}

function typeOf({ type }: LogStream): string {
  return sinkType(type)?.label ?? type;
}

function eventsOf({ filters }: LogStream): string {
  if (!filters?.length) {
    return 'All';
  }
  return filters.length === 1 ? '1 category' : `${filters.length} categories`;
}

const columns: Column<LogStream>[] = [
  { id: 'name', header: 'Name', cell: (s) => s.name, below: typeOf },
  { id: 'type', header: 'Type', width: '220px', wide: true, cell: (s) => dimmed(typeOf(s)) },
  {
    id: 'events',
    header: 'Events',
    width: '150px',
    wide: true,
    cell: (s) => dimmed(eventsOf(s)),
  },
  { id: 'status', header: 'Status', width: '130px', cell: (s) => <StreamStatus stream={s} /> },
];

/** All log streams of the tenant. */
export default function LogStreams() {
  const { href } = useTenant();
  const mayCreate = useCan('create:log_streams');
  const list = useResource<LogStream[]>('log-streams');
  const action = mayCreate && (
    <Button component={Link} href={href('/log-streams/new')} leftSection={<IconPlus size={16} />}>
      Create stream
    </Button>
  );
  return (
    <>
      <PageHeader title="Log streams" help="dashboard.md#log-streams" action={action}>
        Where the tenant’s events go besides its own log.
      </PageHeader>
      <NotDelivered />
      <Panel flush>
        <ListBody
          list={list}
          label="Log streams"
          columns={columns}
          rows={list.data ?? []}
          rowKey={(s) => s.id}
          href={(s) => href(`/log-streams/${s.id}`)}
          expected={3}
          empty={
            <EmptyState icon={IconBroadcast} title="No log streams yet" action={action}>
              A stream leads events to your own endpoint, or to a service that keeps and searches logs.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}
