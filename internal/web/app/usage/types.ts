/** The wire form of GET /writ/usage. */
export interface Usage {
  from: string;
  to: string;
  /** Of all rows: for the tenant's APIs, and for its Management API. */
  tokens: number;
  management_api_tokens: number;
  total: number;
  usage: UsageRow[];
}

export interface UsageRow {
  day?: string;
  month?: string;
  client_id?: string;
  client_name?: string;
  audience?: string;
  api_name?: string;
  /** Absent of tokens for none. */
  organization_id?: string;
  organization_name?: string;
  tokens: number;
  management_api_tokens: number;
}

/** A day of UTC, so many days ago, as the API writes it. */
export function utcDay(ago: number): string {
  return new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
}

export const ranges = [
  { value: '7d', label: '7 days', days: 7, step: 'day' },
  { value: '30d', label: '30 days', days: 30, step: 'day' },
  { value: '12m', label: '12 months', days: 365, step: 'month' },
] as const;

export type Range = (typeof ranges)[number];

export function rangeOf(value: string): Range {
  return ranges.find((r) => r.value === value) ?? ranges[1];
}
