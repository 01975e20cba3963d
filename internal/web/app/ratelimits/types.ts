/** The wire form of a rate limit policy, as far as it concerns token requests: all that there is. */
export interface RateLimitPolicy {
  id: string;
  /** Which clients: client_id:ID, third_party_clients, cimd_clients or default. */
  consumer_selector: string;
  configuration: Configuration;
  updated_at: string;
}

export interface Configuration {
  action: string;
  /** Requests in a second; absent of allow. */
  limit?: number;
  redirect_uri?: string;
}

export const actions = [
  { value: 'block', label: 'Refuse', text: 'Requests beyond the limit are refused with 429.' },
  { value: 'log', label: 'Log only', text: 'They pass, and the log says so.' },
  { value: 'allow', label: 'No limit', text: 'Takes the clients out of the policies that are less specific.' },
  { value: 'redirect', label: 'Redirect', text: 'Refused like the others: a machine is led nowhere. Kept for other servers.' },
];

export const groups = [
  {
    value: 'default',
    label: 'Every other application',
    text: 'Each application without a policy of its own; each has the limit for itself.',
  },
  { value: 'third_party_clients', label: 'All third-party applications', text: 'They share one limit.' },
  { value: 'client', label: 'One application', text: 'Goes before the other two.' },
];

const clientPrefix = 'client_id:';

/** The client of a selector of one; undefined for a group. */
export function clientOf(selector: string): string | undefined {
  return selector.startsWith(clientPrefix) ? selector.slice(clientPrefix.length) : undefined;
}

export function selectorOf(clientID: string): string {
  return clientPrefix + clientID;
}

/** Which clients a policy is for, in words. */
export function selectorLabel(selector: string, names?: Map<string, string>): string {
  const clientID = clientOf(selector);
  if (clientID !== undefined) {
    return names?.get(clientID) ?? clientID;
  }
  if (selector === 'cimd_clients') {
    return 'Clients with a metadata document';
  }
  return groups.find((g) => g.value === selector)?.label ?? selector;
}

/** What a policy does, in words. */
export function configurationLabel({ action, limit = 0 }: Configuration): string {
  const label = actions.find((a) => a.value === action)?.label ?? action;
  return action === 'allow' ? label : `${label} beyond ${limit.toLocaleString('en')} a second`;
}
