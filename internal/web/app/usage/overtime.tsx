import { OverTimePanel } from '../ui/overtime';
import type { Column } from '../ui/table';
import { type Period, periodsOf } from './periods';
import type { Range, Usage } from './types';

const series = [
  { name: 'tokens', label: 'For your APIs', color: 'var(--writ-accent)' },
  { name: 'management', label: 'For the Management API', color: 'var(--mantine-color-dimmed)' },
];

const columns: Column<Period>[] = [
  { id: 'period', header: 'Period', cell: (p) => <time dateTime={p.key}>{p.label}</time> },
  { id: 'tokens', header: 'Your APIs', width: '105px', align: 'right', cell: (p) => p.tokens.toLocaleString('en') },
  { id: 'management', header: 'Management API', width: '150px', align: 'right', cell: (p) => p.management.toLocaleString('en') },
];

/** Tokens by day or month. */
export function OverTime({ usage, step }: { usage: Usage; step: Range['step'] }) {
  const periods = periodsOf(usage, step);
  return (
    <OverTimePanel
      title={step === 'day' ? 'By day' : 'By month'}
      label="Tokens over time"
      columns={columns}
      rows={periods}
      rowKey={(p) => p.key}
      data={periods.map(({ label, tokens, management }) => ({ label, tokens, management }))}
      series={series}
    />
  );
}
