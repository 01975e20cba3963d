/** The wire form of GET /writ/clients/{id}/token-quota and its like: the quota that counts, and what is used of it now. */
export interface QuotaUse {
  /** Whose setting it is: client or organization, its own; tenant, the default; none, nothing is counted. */
  source: 'client' | 'organization' | 'tenant' | 'none';
  client_credentials?: Limits;
  buckets: { bucket: 'per_hour' | 'per_day'; quota: number; used: number; remaining: number; resets_at: string }[];
}

export interface Limits {
  enforce?: boolean;
  per_hour?: number;
  per_day?: number;
}

/** A quota as a form edits it. Empty = no limit. */
export interface LimitValues {
  enforce: boolean;
  per_hour: number | '';
  per_day: number | '';
}

export function valuesOf(limits: Limits | undefined): LimitValues {
  return { enforce: limits?.enforce ?? true, per_hour: limits?.per_hour ?? '', per_day: limits?.per_day ?? '' };
}

export function limitsOf({ enforce, per_hour, per_day }: LimitValues): Limits {
  return { enforce, ...(per_hour !== '' && { per_hour }), ...(per_day !== '' && { per_day }) };
}
