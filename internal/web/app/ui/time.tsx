const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** A time as its distance from now; the time itself on pointing at it. */
export function Ago({ date }: { date: string }) {
  return (
    <time dateTime={date} title={absolute.format(new Date(date))}>
      {ago(new Date(date))}
    </time>
  );
}

/** A time in full, in the reader's zone. */
export function Moment({ date }: { date: string }) {
  return <time dateTime={date}>{absolute.format(new Date(date))}</time>;
}

function ago(date: Date): string {
  const seconds = (date.getTime() - Date.now()) / 1000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.round(seconds / size), unit);
    }
  }
  return 'now';
}

/** Seconds in words: 86400 is "24 hours". */
export function duration(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    const enough = unit === 'day' ? 2 : 1; // 24 hours say more than 1 day
    if (seconds >= size * enough && seconds % size === 0) {
      return plural(seconds / size, unit);
    }
  }
  return plural(seconds, 'second');
}

export function plural(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
