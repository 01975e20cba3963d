import { SegmentedControl, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import activity from '../activity/activity.module.css';
import { useQuery } from '../router';
import { Panel } from '../ui/panel';
import { type Column, DataTable } from '../ui/table';
import { type Period, periodsOf } from './periods';
import type { Range, Usage } from './types';

const Bars = lazy(() => import('../ui/barchart'));

const series = [
  { name: 'tokens', label: 'For your APIs', color: 'var(--writ-accent)' },
  { name: 'management', label: 'For the Management API', color: 'var(--mantine-color-dimmed)' },
];

const columns: Column<Period>[] = [
  { id: 'period', header: 'Period', cell: (p) => <time dateTime={p.key}>{p.label}</time> },
  { id: 'tokens', header: 'Your APIs', width: '105px', align: 'right', cell: (p) => p.tokens.toLocaleString('en') },
  { id: 'management', header: 'Management API', width: '150px', align: 'right', cell: (p) => p.management.toLocaleString('en') },
];

/** Tokens by day or month, drawn or as a table. */
export function OverTime({ usage, step }: { usage: Usage; step: Range['step'] }) {
  const [view, setView] = useQuery('view', 'chart');
  const periods = periodsOf(usage, step);
  const action = (
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
  );
  return (
    <Panel title={step === 'day' ? 'By day' : 'By month'} action={action} flush={view === 'table'}>
      {view === 'table' ? (
        <DataTable label="Tokens over time" columns={columns} rows={[...periods].reverse()} rowKey={(p) => p.key} dense />
      ) : (
        <div className={activity.chart}>
          <Suspense fallback={<Skeleton height="100%" aria-label="Loading" />}>
            <Bars data={periods.map(({ label, tokens, management }) => ({ label, tokens, management }))} series={series} />
          </Suspense>
        </div>
      )}
    </Panel>
  );
}
