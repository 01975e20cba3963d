/** What an event means, to be told by colour, sign and word. */
export type Outcome = 'success' | 'failure' | 'warning' | 'neutral';

export interface EventType {
  code: string;
  label: string;
  outcome: Outcome;
}

/** The types of events that a tenant of machines has, in Auth0's words. */
export const eventTypes: EventType[] = [
  { code: 'seccft', label: 'Token issued', outcome: 'success' },
  { code: 'feccft', label: 'Token refused', outcome: 'failure' },
  { code: 'sapi', label: 'API operation', outcome: 'success' },
  { code: 'fapi', label: 'API operation refused', outcome: 'failure' },
  { code: 'mgmt_api_read', label: 'Secrets read', outcome: 'neutral' },
  { code: 'api_limit', label: 'Rate limit exceeded', outcome: 'failure' },
  { code: 'api_limit_warning', label: 'Rate limit nearly reached', outcome: 'warning' },
  { code: 'token_quota_consumption_warning', label: 'Token quota nearly used', outcome: 'warning' },
  { code: 'actions_execution_failed', label: 'Action failed', outcome: 'failure' },
  { code: 'depnote', label: 'Deprecation notice', outcome: 'warning' },
];

export function typeOf(code: string): EventType {
  return eventTypes.find((t) => t.code === code) ?? { code, label: code, outcome: code.startsWith('f') ? 'failure' : 'neutral' };
}
