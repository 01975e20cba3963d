/** The wire form of a network ACL. */
export interface NetworkACL {
  id: string;
  description: string;
  active: boolean;
  priority: number;
  rule: { match?: Criteria; not_match?: Criteria; scope: string; action: Action };
  updated_at: string;
}

/** Signals of a request: any value of one, and one of each. */
export type Criteria = Partial<Record<SignalName, (string | number)[]>>;

export interface Action {
  block?: true;
  allow?: true;
  log?: true;
  redirect?: true;
  redirect_uri?: string;
}

/** One thing that is seen of a request. */
export interface Signal {
  name: SignalName;
  label: string;
  placeholder: string;
  /** What each of its values has to be. */
  rule?: string;
  /** writ keeps it, and does not look at it. */
  kept?: boolean;
  /** Its values may have spaces and commas. */
  spaced?: boolean;
}

const ipv4 = 'an IPv4 address or network, such as 192.0.2.7 or 192.0.2.0/24';
const ipv6 = 'an IPv6 address or network, such as 2001:db8::7 or 2001:db8::/32';

export const signals = [
  { name: 'ipv4_cidrs', label: 'IPv4 addresses and networks', placeholder: '192.0.2.0/24', rule: ipv4 },
  { name: 'ipv6_cidrs', label: 'IPv6 addresses and networks', placeholder: '2001:db8::/32', rule: ipv6 },
  { name: 'user_agents', label: 'User agents', placeholder: 'curl/*', spaced: true },
  { name: 'hostnames', label: 'Hosts that are called', placeholder: 'auth.example.com', rule: 'a host name, such as auth.example.com' },
  { name: 'connecting_ipv4_cidrs', label: 'IPv4 of who connects (a proxy)', placeholder: '203.0.113.7', rule: ipv4 },
  { name: 'connecting_ipv6_cidrs', label: 'IPv6 of who connects (a proxy)', placeholder: '2001:db8::7', rule: ipv6 },
  {
    name: 'asns',
    label: 'Autonomous systems',
    placeholder: '64496',
    rule: 'the number of an autonomous system, such as 64496',
    kept: true,
  },
  { name: 'geo_country_codes', label: 'Countries', placeholder: 'CH', kept: true },
  { name: 'geo_subdivision_codes', label: 'Parts of countries', placeholder: 'CH-ZH', kept: true },
  { name: 'ja3_fingerprints', label: 'JA3 fingerprints', placeholder: '', kept: true },
  { name: 'ja4_fingerprints', label: 'JA4 fingerprints', placeholder: '', kept: true },
  { name: 'auth0_managed', label: 'Lists of Auth0', placeholder: 'auth0.low_reputation', kept: true },
] as const;

export type SignalName = (typeof signals)[number]['name'];

export const scopes = [
  { value: 'tenant', label: 'Token endpoint and Management API' },
  { value: 'authentication', label: 'Token endpoint' },
  { value: 'management', label: 'Management API' },
  { value: 'dynamic_client_registration', label: 'Client registration, which writ does not have' },
];

export const actions = [
  { value: 'block', label: 'Block' },
  { value: 'allow', label: 'Allow' },
  { value: 'log', label: 'Log only' },
  { value: 'redirect', label: 'Redirect' },
] as const;

export type ActionName = (typeof actions)[number]['value'];

export function actionOf(action: Action): ActionName {
  return actions.find((a) => action[a.value])?.value ?? 'block';
}

export function actionLabel(acl: NetworkACL): string {
  return actions.find((a) => a.value === actionOf(acl.rule.action))?.label ?? '';
}

export function scopeLabel(acl: NetworkACL): string {
  return scopes.find((s) => s.value === acl.rule.scope)?.label ?? acl.rule.scope;
}

/** The signals of the rule that writ does not look at, in words. */
export function keptOnly({ rule }: NetworkACL): string[] {
  return signals.filter((s) => 'kept' in s && (rule.match?.[s.name] || rule.not_match?.[s.name])).map((s) => s.label);
}
