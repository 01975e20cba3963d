import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '../router';
import type { BarsProps } from './barchart';
import classes from './overtime.module.css';
import { Panel } from './panel';
import { part } from './part';
import { type Column, DataTable } from './table';

const Bars = part(() => import('./barchart'));
Bars.load().catch(() => {}); // a page that shows a chart needs it: beside its numbers, not after them

interface OverTimeProps<T> extends BarsProps {
  title: string;
  /** More of what stands beside the title. */
  controls?: React.ReactNode;
  /** Of the table. */
  label: string;
  columns: Column<T>[];
  /** The oldest first. */
  rows: T[];
  rowKey: (row: T) => string;
}

/** Numbers over time, drawn or, by ?view=table in the address, as a table. */
export function OverTimePanel<T>({ title, controls, label, columns, rows, rowKey, data, series }: OverTimeProps<T>) {
  const [view, setView] = useQuery('view', 'chart');
  const action = (
    <div className={classes.controls}>
      {controls}
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
    <Panel title={title} action={action} flush={view === 'table'}>
      {view === 'table' ? (
        <DataTable label={label} columns={columns} rows={[...rows].reverse()} rowKey={rowKey} dense />
      ) : (
        <div className={classes.chart}>
          <Bars data={data} series={series} loading={<Skeleton height="100%" role="status" aria-label="Loading" />} />
        </div>
      )}
    </Panel>
  );
}
