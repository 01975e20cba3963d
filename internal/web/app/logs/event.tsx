import { useResource } from '../api/hooks';
import type { LogEvent } from '../api/types';
import { WhyRefused } from '../explain/why';
import type { ViewProps } from '../pages';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { CodeBlock } from '../ui/code';
import { Copy } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { Moment } from '../ui/time';
import classes from './event.module.css';
import { TypeLabel } from './outcome';
import { typeOf } from './types';

/** One event. */
export default function Event({ params }: ViewProps) {
  const { href } = useTenant();
  const { data: event, error, reload } = useResource<LogEvent>(`logs/${encodeURIComponent(params.id ?? '')}`);
  return (
    <>
      <PageHeader title={event ? typeOf(event.type).label : 'Event'} back={{ href: href('/logs'), label: 'Logs' }} help="dashboard.md#logs">
        {event?.description}
      </PageHeader>
      {error && !event ? <ErrorState error={error} retry={reload} /> : event ? <Details event={event} /> : <LoadingRows />}
    </>
  );
}

function Details({ event }: { event: LogEvent }) {
  const { href } = useTenant();
  const { trace_id: request, correlation_id: correlation } = event.references ?? {};
  const rows: [string, React.ReactNode, string?][] = [
    ['Event', <TypeLabel key="type" code={event.type} />, event.type],
    ['When', <Moment key="date" date={event.date} />, event.date],
    [
      'Application',
      event.client_id && (
        <Link key="client" href={href(`/applications/${event.client_id}`)} className={classes.link}>
          {event.client_name || event.client_id}
        </Link>
      ),
      event.client_id ?? undefined,
    ],
    ['Operator', event.user_name, event.user_id],
    ['API', event.audience, event.audience],
    ['Scope', event.scope, event.scope],
    ['Address', event.ip && <code key="ip">{event.ip}</code>, event.ip],
    ['User agent', event.user_agent],
    ['Domain', event.hostname],
    ['Request', request && <code key="request">{request}</code>, request],
    ['Correlation', correlation && <code key="correlation">{correlation}</code>, correlation],
    ['Log ID', <code key="id">{event.log_id}</code>, event.log_id],
  ];
  return (
    <>
      <Panel title="What happened">
        <dl className={classes.list}>
          {rows
            .filter(([, value]) => value)
            .map(([label, value, copy]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <span>{value}</span>
                  {copy && <Copy value={copy} label={`Copy: ${label}`} />}
                </dd>
              </div>
            ))}
        </dl>
      </Panel>
      {event.type === 'feccft' && <WhyRefused question={{ log_id: event.log_id }} />}
      <Panel title="Raw">
        <CodeBlock label="JSON" code={JSON.stringify(event, null, 2)} />
      </Panel>
    </>
  );
}
