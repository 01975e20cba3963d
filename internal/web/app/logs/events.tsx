import { Stack } from '@mantine/core';
import { type Resource, useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { LogEvent } from '../api/types';
import { useQuery } from '../router';
import { useTenant } from '../shell/tenant';
import { IconListSearch } from '../ui/icons';
import { pageNumber } from '../ui/list';
import { BeyondLast, Pager } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Ago } from '../ui/time';
import classes from './events.module.css';
import { FilterBar, useFilters } from './filters';
import { TypeLabel } from './outcome';
import { compose } from './query';

const perPage = 50;

/** A search reaches this far back; who wants all reads the log by position. */
const deepest = 1000;

const columns: Column<LogEvent>[] = [
  {
    id: 'type',
    header: 'Event',
    width: '232px',
    cell: (e) => <TypeLabel code={e.type} />,
    below: (e) => [by(e), e.description].filter(Boolean).join(' · '),
  },
  { id: 'description', header: 'Description', wide: true, cell: (e) => <span className={classes.text}>{e.description || '–'}</span> },
  {
    id: 'client',
    header: 'By',
    width: '190px',
    wide: true,
    cell: (e) => <span className={classes.text}>{by(e) || '–'}</span>,
  },
  { id: 'ip', header: 'Address', width: '140px', wide: true, cell: (e) => <code className={classes.code}>{e.ip}</code> },
  { id: 'date', header: 'When', width: '110px', align: 'right', cell: (e) => <Ago date={e.date} /> },
];

/** The application or the person, as far as the event says who it was. */
function by(e: LogEvent): string | undefined {
  return e.client_name || e.client_id || e.user_name;
}

/** The tenant's events, newest first, by the filters in the address. */
export function EventList({ only }: { only?: string }) {
  const { href } = useTenant();
  const [page, setPage] = useQuery('page', '0');
  const filters = useFilters();
  const q = compose({ ...filters.filter, only });
  const number = pageNumber(page, deepest / perPage - 1);
  const turn = (n: number) => setPage(String(n));
  const events = useResource<LogEvent[]>(withQuery('logs', { q, page: number, per_page: perPage, sort: 'date:-1' }));
  const refresh = () => {
    filters.renew();
    events.reload();
  };
  const fault = events.error?.trouble === 'invalid' ? events.error.message : undefined;

  return (
    <Stack gap="md">
      <FilterBar filters={filters} fault={fault} busy={events.loading && events.data !== undefined} refresh={refresh} />
      <Panel flush>
        <Events
          events={events}
          href={(e) => href(`/logs/${e.log_id}`)}
          filtered={q !== (only ?? '')}
          back={number > 0 ? turn : undefined}
          faulty={fault !== undefined}
          backwards={filters.backwards}
        />
      </Panel>
      <Pager page={number} perPage={perPage} count={events.data?.length} limit={deepest} onPage={turn} />
    </Stack>
  );
}

interface EventsProps {
  events: Resource<LogEvent[]>;
  href: (event: LogEvent) => string;
  filtered: boolean;
  /** Turns to another page, where this is not the first one. */
  back?: (page: number) => void;
  faulty: boolean;
  /** The filter's time begins after its end. */
  backwards: boolean;
}

function Events({ events, href, filtered, back, faulty, backwards }: EventsProps) {
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
  if (rows.length === 0 && back) {
    return <BeyondLast perPage={perPage} onPage={back} />;
  }
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState icon={IconListSearch} title="No events match">
        {backwards ? 'The time ends before it begins.' : 'Change the query, the types or the time.'}
      </EmptyState>
    ) : (
      <EmptyState icon={IconListSearch} title="No events yet">
        Each token request and each change of the configuration is recorded here.
      </EmptyState>
    );
  }
  return <DataTable label="Events" columns={columns} rows={rows} rowKey={(e) => e.log_id} href={href} busy={events.loading} dense />;
}
