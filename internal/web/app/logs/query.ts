/** What the log's filters say, as one query in the API's Lucene subset. */
export interface Filter {
  /** Typed by hand. */
  text: string;
  /** Any of these types; none = all. */
  types: string[];
  /** ISO times; empty = open. */
  from: string;
  to: string;
  /** A term that always holds: of the page that shows the list. */
  only?: string;
}

export function compose({ text, types, from, to, only }: Filter): string {
  const terms: string[] = [];
  if (only) {
    terms.push(only);
  }
  if (types.length === 1) {
    terms.push(`type:${types[0]}`);
  } else if (types.length > 1) {
    terms.push(`(${types.map((t) => `type:${t}`).join(' OR ')})`);
  }
  if (from || to) {
    terms.push(`date:[${from || '*'} TO ${to || '*'}]`);
  }
  const typed = text.trim();
  if (typed) {
    terms.push(terms.length > 0 && /\s(OR|NOT)\s|^NOT\s/.test(typed) ? `(${typed})` : typed);
  }
  return terms.join(' AND ');
}

export const ranges = [
  { value: '', label: 'All times' },
  { value: '15m', label: 'Last 15 minutes', seconds: 900 },
  { value: '1h', label: 'Last hour', seconds: 3600 },
  { value: '24h', label: 'Last 24 hours', seconds: 86_400 },
  { value: '7d', label: 'Last 7 days', seconds: 604_800 },
  { value: 'custom', label: 'From, to …' },
] as const;

/** The beginning of a named range, to the minute, so that the same query is not another one each second. */
export function beginning(range: string, now: number): string {
  const found = ranges.find((r) => r.value === range);
  if (!found || !('seconds' in found)) {
    return '';
  }
  return new Date(Math.floor(now / 60_000) * 60_000 - found.seconds * 1000).toISOString();
}
