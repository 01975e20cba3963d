import { Text } from '@mantine/core';
import { useAPIs } from '../apis/byaudience';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { Name, Stranger, useFirst } from '../ui/figures';
import { Panel } from '../ui/panel';
import { type Column, DataTable } from '../ui/table';
import { Ago, plural } from '../ui/time';
import classes from './activity.module.css';
import type { Activity, APIActivity, ApplicationActivity, Refusals, Tally } from './data';

function tallies<T extends Tally>(): Column<T>[] {
  return [
    { id: 'issued', header: 'Issued', width: '90px', align: 'right', cell: (row) => row.issued.toLocaleString('en') },
    { id: 'refused', header: 'Refused', width: '90px', align: 'right', cell: (row) => row.refused.toLocaleString('en') },
  ];
}

const stranger = <Stranger>Nobody that is known</Stranger>;

export function ByApplication({ activity }: { activity: Activity }) {
  const { href } = useTenant();
  const name = (a: ApplicationActivity) =>
    a.client_id ? <Link href={href(`/applications/${a.client_id}?tab=logs`)}>{a.client_name || a.client_id}</Link> : stranger;
  return (
    <Ranking
      title="By application"
      columns={[{ id: 'name', header: 'Application', cell: (a) => <Name>{name(a)}</Name> }, ...tallies<ApplicationActivity>()]}
      rows={activity.applications}
      rowKey={(a) => a.client_id ?? ''}
    />
  );
}

export function ByAPI({ activity }: { activity: Activity }) {
  const { other } = activity;
  const apis = useAPIs();
  const { href } = useTenant();
  const name = ({ audience }: APIActivity) => {
    const rs = apis.get(audience ?? '');
    if (rs) {
      return <Link href={href(`/apis/${rs.id}`)}>{rs.name ?? rs.identifier}</Link>;
    }
    return <Stranger>{audience || 'None was named'}</Stranger>;
  };
  return (
    <Ranking
      title="By API"
      columns={[{ id: 'name', header: 'API', cell: (a) => <Name>{name(a)}</Name> }, ...tallies<APIActivity>()]}
      rows={activity.apis}
      rowKey={(a) => a.audience ?? ''}
      rest={other && `And ${inWords(other)} for other APIs: too many different ones to tell apart.`}
    />
  );
}

export function TopRefusals({ activity }: { activity: Activity }) {
  const { href } = useTenant();
  const columns: Column<Refusals>[] = [
    {
      id: 'reason',
      header: 'Reason',
      cell: (r) => <span className={classes.reason}>{r.description || 'No reason was recorded'}</span>,
    },
    {
      id: 'client',
      header: 'Application',
      width: '190px',
      wide: true,
      cell: (r) => (r.client_id ? r.client_name || r.client_id : stranger),
    },
    { id: 'newest', header: 'Last', width: '110px', align: 'right', wide: true, cell: (r) => <Ago date={r.newest} /> },
    { id: 'count', header: 'Times', width: '80px', align: 'right', cell: (r) => r.count.toLocaleString('en') },
  ];
  const others = activity.other?.refused ?? 0;
  if (activity.refusals.length + others === 0) {
    return (
      <Panel title="Why requests were refused">
        <Text c="dimmed">None was refused in this time.</Text>
      </Panel>
    );
  }
  return (
    <Ranking
      title="Why requests were refused"
      columns={columns}
      rows={activity.refusals}
      rowKey={(r) => JSON.stringify([r.description, r.client_id, r.audience])}
      href={(r) => href(logsOf(r, activity))}
      rest={others > 0 && `And ${plural(others, 'request')} for other reasons: too many different ones to tell apart.`}
    />
  );
}

function inWords({ issued, refused }: Tally): string {
  return [issued && plural(issued, 'token'), refused && plural(refused, 'refusal')].filter(Boolean).join(' and ');
}

/** The log, filtered to what a row has counted. */
function logsOf(r: Refusals, { from }: Activity): string {
  const terms = [`description:${quoted(r.description)}`, r.client_id && `client_id:${quoted(r.client_id)}`];
  const query = new URLSearchParams({ type: 'feccft', q: terms.filter(Boolean).join(' AND '), range: 'custom', from: local(from) });
  return `/logs?${query}`;
}

/** A phrase of the log's query language. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A time as the browser's own field has it: to the minute, in the reader's zone. */
function local(iso: string): string {
  const date = new Date(iso);
  const minutes = date.getTime() - date.getTimezoneOffset() * 60_000;
  return new Date(minutes).toISOString().slice(0, 16);
}

interface RankingProps<T> {
  title: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  href?: (row: T) => string;
  /** What is in no row. */
  rest?: React.ReactNode;
}

/** The first few, and all when asked. */
function Ranking<T>({ title, columns, rows, rowKey, href, rest }: RankingProps<T>) {
  const { shown, more } = useFirst(rows);
  return (
    <Panel flush title={title}>
      <DataTable label={title} columns={columns} rows={shown} rowKey={rowKey} href={href} dense />
      {more}
      {rest && (
        <Text size="sm" c="dimmed" className={classes.rest}>
          {rest}
        </Text>
      )}
    </Panel>
  );
}
