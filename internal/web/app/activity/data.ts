/** How many token requests succeeded and failed. */
export interface Tally {
  issued: number;
  refused: number;
}

export interface ApplicationActivity extends Tally {
  /** Absent for requests of nobody that is known. */
  client_id?: string;
  client_name?: string;
}

export interface APIActivity extends Tally {
  audience?: string;
}

export interface Refusals {
  description: string;
  client_id?: string;
  client_name?: string;
  audience?: string;
  count: number;
  /** ISO time of the last one. */
  newest: string;
}

/** The wire form of GET /writ/activity. */
export interface Activity extends Tally {
  from: string;
  to: string;
  /** Later than from where there were too many to count all. */
  counted_from: string;
  hours: ({ start: string } & Tally)[];
  applications: ApplicationActivity[];
  apis: APIActivity[];
  refusals: Refusals[];
  /** Requests of which the API tells neither the API nor the reason: there were too many different ones. Absent if there are none. */
  other?: Tally;
}

/** The API lists no more applications than these, the busiest. */
export const mostListed = 1000;

export const ranges = [
  { value: '24h', label: '24 hours', days: 1 },
  { value: '7d', label: '7 days', days: 7 },
  { value: '30d', label: '30 days', days: 30 },
] as const;

export type Step = 'hour' | 'day';

const hour = 3_600_000;

/** The beginning of a named range: the full hour 23 hours ago, or midnight here, so many days ago. */
export function beginning(range: string, now: number): Date {
  const days = ranges.find((r) => r.value === range)?.days ?? 1;
  const from = new Date(now);
  if (days === 1) {
    from.setMinutes(0, 0, 0);
    return new Date(from.getTime() - 23 * hour);
  }
  from.setHours(0, 0, 0, 0);
  from.setDate(from.getDate() - days + 1);
  return from;
}

export interface Bucket extends Tally {
  start: Date;
  label: string;
}

const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };

/** Every hour or day between from and to, those without requests included. A day is one of the reader's, from midnight to midnight. */
export function bucketsOf({ from, to, hours }: Activity, step: Step): Bucket[] {
  const begin = (time: Date) => {
    if (step === 'day') {
      return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
    }
    return time.getTime();
  };
  const buckets = new Map<number, Bucket>();
  const end = new Date(to).getTime();
  const short = end - new Date(from).getTime() <= 24 * hour;
  // Made where it is used: the first one of a page takes tens of milliseconds.
  const label = new Intl.DateTimeFormat('en-GB', step === 'day' ? date : short ? clock : { ...date, ...clock });
  for (let t = new Date(from).getTime(); t < end; t += hour) {
    const start = new Date(begin(new Date(t)));
    buckets.set(start.getTime(), buckets.get(start.getTime()) ?? { start, label: label.format(start), issued: 0, refused: 0 });
  }
  for (const { start, issued, refused } of hours) {
    const bucket = buckets.get(begin(new Date(start)));
    if (bucket) {
      bucket.issued += issued;
      bucket.refused += refused;
    }
  }
  return [...buckets.values()];
}
