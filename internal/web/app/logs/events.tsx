import { ActionIcon, Code, Group, MultiSelect, NativeSelect, Popover, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type Resource, useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { LogEvent } from '../api/types';
import { useQuery } from '../router';
import { useTenant } from '../shell/tenant';
import { IconHelp, IconListSearch, IconRefresh, IconSearch } from '../ui/icons';
import { Pager } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Ago } from '../ui/time';
import classes from './events.module.css';
import { TypeLabel } from './outcome';
import { beginning, compose, ranges } from './query';
import { eventTypes } from './types';

const perPage = 50;

/** A search reaches this far back; who wants all reads the log by position. */
const deepest = 1000;

const columns: Column<LogEvent>[] = [
  { id: 'type', header: 'Event', width: '210px', cell: (e) => <TypeLabel code={e.type} /> },
  { id: 'description', header: 'Description', wide: true, cell: (e) => <span className={classes.text}>{e.description || '–'}</span> },
  {
    id: 'client',
    header: 'Application',
    width: '190px',
    wide: true,
    cell: (e) => <span className={classes.text}>{e.client_name || e.client_id || e.user_name || '–'}</span>,
  },
  { id: 'ip', header: 'Address', width: '140px', wide: true, cell: (e) => <code className={classes.code}>{e.ip}</code> },
  { id: 'date', header: 'When', width: '110px', align: 'right', cell: (e) => <Ago date={e.date} /> },
];

/** The tenant's events, newest first, by the filters in the address. */
export function EventList({ only }: { only?: string }) {
  const { href } = useTenant();
  const [text, setText] = useQuery('q');
  const [types, setTypes] = useQuery('type');
  const [range, setRange] = useQuery('range');
  const [from, setFrom] = useQuery('from');
  const [to, setTo] = useQuery('to');
  const [page, setPage] = useQuery('page', '0');
  const [opened, setOpened] = useState(Date.now); // "last hour" counts from here; refreshing moves it
  const [settled] = useDebouncedValue(text, 300);

  const custom = range === 'custom';
  const q = compose({
    text: settled,
    types: types ? types.split(',') : [],
    from: custom ? iso(from) : beginning(range, opened),
    to: custom ? iso(to) : '',
    only,
  });
  const number = Number.parseInt(page, 10) || 0;
  const events = useResource<LogEvent[]>(withQuery('logs', { q, page: number, per_page: perPage, sort: 'date:-1' }));
  const refresh = () => {
    setOpened(Date.now());
    events.reload();
  };
  const faulty = events.error?.trouble === 'invalid' ? events.error.message : undefined;

  return (
    <Stack gap="md">
      <div className={classes.filters}>
        <TextInput
          className={classes.query}
          aria-label="Query"
          placeholder={'Query: client_name:"Timesheets" AND ip:192.0.2.7'}
          leftSection={<IconSearch size={15} />}
          rightSection={<QueryHelp />}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          error={faulty}
          spellCheck={false}
        />
        <MultiSelect
          className={classes.types}
          aria-label="Types of events"
          placeholder={types ? undefined : 'All events'}
          data={eventTypes.map((t) => ({ value: t.code, label: t.label }))}
          value={types ? types.split(',') : []}
          onChange={(v) => setTypes(v.join(','))}
          clearable
        />
        <NativeSelect
          aria-label="Time"
          value={range}
          onChange={(e) => setRange(e.currentTarget.value)}
          data={ranges.map(({ value, label }) => ({ value, label }))}
        />
        <Tooltip label="Read again">
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Read again"
            loading={events.loading && events.data !== undefined}
            onClick={refresh}
          >
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {custom && (
        <Group gap="sm">
          <TextInput type="datetime-local" label="From" value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
          <TextInput type="datetime-local" label="To" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
        </Group>
      )}
      <Panel flush>
        <Events events={events} href={(e) => href(`/logs/${e.log_id}`)} filtered={q !== (only ?? '')} faulty={faulty !== undefined} />
      </Panel>
      <Pager page={number} perPage={perPage} count={events.data?.length ?? 0} limit={deepest} onPage={(n) => setPage(String(n))} />
    </Stack>
  );
}

/** A time as the browser's field has it, as the API wants it. */
function iso(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

interface EventsProps {
  events: Resource<LogEvent[]>;
  href: (event: LogEvent) => string;
  filtered: boolean;
  faulty: boolean;
}

function Events({ events, href, filtered, faulty }: EventsProps) {
  const rows = events.data ?? [];
  if (faulty) {
    return (
      <EmptyState icon={IconListSearch} title="The query cannot be read">
        What is wrong with it stands beneath it.
      </EmptyState>
    );
  }
  if (events.error && !events.data) {
    return <ErrorState error={events.error} retry={events.reload} />;
  }
  if (!events.data) {
    return <LoadingRows rows={12} height={37} />;
  }
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState icon={IconListSearch} title="No events match">
        Change the query, the types or the time.
      </EmptyState>
    ) : (
      <EmptyState icon={IconListSearch} title="No events yet">
        Each token request and each change of the configuration is recorded here.
      </EmptyState>
    );
  }
  return <DataTable label="Events" columns={columns} rows={rows} rowKey={(e) => e.log_id} href={href} busy={events.loading} dense />;
}

const examples = [
  ['type:feccft', 'one type'],
  ['client_name:"Import Job"', 'words with a space in quotes'],
  ['type:feccft AND ip:192.0.2.7', 'both'],
  ['type:seccft OR type:feccft', 'either'],
  ['NOT type:sapi', 'all but'],
  ['client_name:Time*', 'beginning with'],
  ['date:[2026-11-01 TO *]', 'since a day'],
];

function QueryHelp() {
  return (
    <Popover position="bottom-end" width={380} shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="How to write a query">
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={550} mb="xs">
          Queries
        </Text>
        {examples.map(([example, meaning]) => (
          <Text key={example} size="sm" mb={4}>
            <Code>{example}</Code> {meaning}
          </Text>
        ))}
        <Text size="sm" c="dimmed" mt="xs">
          Fields: type, client_id, client_name, description, ip, date, log_id, hostname, user_name, user_agent, organization_id. Upper and
          lower case count.
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
