import { SegmentedControl, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useQuery } from '../router';
import { Panel } from '../ui/panel';
import { type Column, DataTable } from '../ui/table';
import classes from './activity.module.css';
import { type Activity, type Bucket, bucketsOf, type Step } from './data';

const Bars = lazy(() => import('../ui/barchart'));

const series = [
  { name: 'issued', label: 'Tokens issued', color: 'var(--writ-accent)' },
  { name: 'refused', label: 'Requests refused', color: 'var(--writ-danger)' },
];

const columns: Column<Bucket>[] = [
  { id: 'time', header: 'From', cell: (b) => <time dateTime={b.start.toISOString()}>{b.label}</time> },
  { id: 'issued', header: 'Issued', width: '28%', align: 'right', cell: (b) => b.issued.toLocaleString('en') },
  { id: 'refused', header: 'Refused', width: '28%', align: 'right', cell: (b) => b.refused.toLocaleString('en') },
];

/** Tokens and refusals by hour or day, drawn or as a table. */
export function OverTime({ activity, range }: { activity: Activity; range: string }) {
  const [chosen, setStep] = useQuery('by', range === '30d' ? 'day' : 'hour');
  const [view, setView] = useQuery('view', 'chart');
  const step: Step = range !== '24h' && chosen === 'day' ? 'day' : 'hour';
  const buckets = bucketsOf(activity, step);
  const action = (
    <div className={classes.controls}>
      {range !== '24h' && (
        <SegmentedControl
          size="xs"
          aria-label="By hour or day"
          value={step}
          onChange={setStep}
          data={[
            { value: 'hour', label: 'Hours' },
            { value: 'day', label: 'Days' },
          ]}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label="How it is shown"
        value={view}
        onChange={setView}
        data={[
          { value: 'chart', label: 'Chart' },
          { value: 'table', label: 'Table' },
        ]}
      />
    </div>
  );
  return (
    <Panel title="Over time" action={action} flush={view === 'table'}>
      {view === 'table' ? (
        <DataTable
          label="Token requests over time"
          columns={columns}
          rows={[...buckets].reverse()}
          rowKey={(b) => b.start.toISOString()}
          dense
        />
      ) : (
        <div className={classes.chart}>
          <Suspense fallback={<Skeleton height="100%" role="status" aria-label="Loading" />}>
            <Bars data={buckets.map(({ label, issued, refused }) => ({ label, issued, refused }))} series={series} />
          </Suspense>
        </div>
      )}
    </Panel>
  );
}
