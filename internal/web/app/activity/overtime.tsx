import { SegmentedControl } from '@mantine/core';
import { useQuery } from '../router';
import { OverTimePanel } from '../ui/overtime';
import type { Column } from '../ui/table';
import { type Activity, type Bucket, bucketsOf, type Step } from './data';

const series = [
  { name: 'issued', label: 'Tokens issued', color: 'var(--writ-accent)' },
  { name: 'refused', label: 'Requests refused', color: 'var(--writ-danger)' },
];

const columns: Column<Bucket>[] = [
  { id: 'time', header: 'From', cell: (b) => <time dateTime={b.start.toISOString()}>{b.label}</time> },
  { id: 'issued', header: 'Issued', width: '28%', align: 'right', cell: (b) => b.issued.toLocaleString('en') },
  { id: 'refused', header: 'Refused', width: '28%', align: 'right', cell: (b) => b.refused.toLocaleString('en') },
];

/** Tokens and refusals by hour or day. */
export function OverTime({ activity, range }: { activity: Activity; range: string }) {
  const [chosen, setStep] = useQuery('by', range === '30d' ? 'day' : 'hour');
  const step: Step = range !== '24h' && chosen === 'day' ? 'day' : 'hour';
  const buckets = bucketsOf(activity, step);
  const controls = range !== '24h' && (
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
  );
  return (
    <OverTimePanel
      title="Over time"
      controls={controls}
      label="Token requests over time"
      columns={columns}
      rows={buckets}
      rowKey={(b) => b.start.toISOString()}
      data={buckets.map(({ label, issued, refused }) => ({ label, issued, refused }))}
      series={series}
    />
  );
}
