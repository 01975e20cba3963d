import type { Range, Usage } from './types';

/** A day or a month of UTC. */
export interface Period {
  /** As the API writes it: 2026-11-23 or 2026-11. */
  key: string;
  label: string;
  tokens: number;
  management: number;
}

const dayLabel = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthLabel = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Every day or month of the time, those without tokens included: the API leaves them out. */
export function periodsOf({ from, to, usage }: Usage, step: Range['step']): Period[] {
  const counted = new Map(usage.map((row) => [row.day ?? row.month ?? '', row]));
  const periods: Period[] = [];
  const time = new Date(`${step === 'day' ? from : `${from.slice(0, 7)}-01`}T00:00:00Z`);
  for (const end = new Date(`${to}T00:00:00Z`); time <= end; ) {
    const key = time.toISOString().slice(0, step === 'day' ? 10 : 7);
    const row = counted.get(key);
    const label = (step === 'day' ? dayLabel : monthLabel).format(time);
    periods.push({ key, label, tokens: row?.tokens ?? 0, management: row?.management_api_tokens ?? 0 });
    if (step === 'day') {
      time.setUTCDate(time.getUTCDate() + 1);
    } else {
      time.setUTCMonth(time.getUTCMonth() + 1);
    }
  }
  return periods;
}
