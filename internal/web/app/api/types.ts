// The wire forms of the Management API, as far as the pages read them. Auth0's names.

export interface Client {
  client_id: string;
  name: string;
  description?: string;
  logo_uri?: string;
  app_type?: string;
  is_first_party: boolean;
  global?: boolean;
  /** Only where it was asked for: see applications/secret.ts. */
  client_secret?: string;
  token_endpoint_auth_method?: string;
  client_authentication_methods?: Record<string, { credentials: { id: string }[] }>;
  grant_types?: string[];
  client_metadata?: Record<string, string>;
  is_token_endpoint_ip_header_trusted: boolean;
  require_proof_of_possession?: boolean;
  default_organization?: { organization_id: string; flows: string[] };
  token_quota?: TokenQuota;
}

export interface Scope {
  value: string;
  description?: string;
}

export interface ResourceServer {
  id: string;
  identifier: string;
  name?: string;
  scopes?: Scope[];
  signing_alg: string;
  signing_secret?: string;
  token_lifetime: number;
  token_lifetime_for_web: number;
  token_dialect?: string;
  enforce_policies?: boolean;
  allow_offline_access: boolean;
  skip_consent_for_verifiable_first_party_clients: boolean;
  subject_type_authorization: { client: { policy: string }; user: { policy: string } };
  is_system?: boolean;
}

export interface ClientGrant {
  id: string;
  client_id?: string;
  audience: string;
  /** Absent where allow_all_scopes is true. */
  scope?: string[];
  subject_type: string;
  allow_all_scopes?: boolean;
  /** Absent = deny. */
  organization_usage?: OrganizationUsage;
  allow_any_organization?: boolean;
}

/** Whether a token may, or has to, be for an organization. */
export type OrganizationUsage = 'deny' | 'allow' | 'require';

/** Limits of the tokens that the client credentials grant issues. */
export interface TokenQuota {
  client_credentials: { enforce?: boolean; per_hour?: number; per_day?: number };
}

export interface Organization {
  id: string;
  name: string;
  display_name?: string;
  metadata?: Record<string, string>;
  token_quota?: TokenQuota;
}

export interface LogEvent {
  log_id: string;
  date: string;
  type: string;
  description: string;
  client_id: string | null;
  client_name: string | null;
  ip: string;
  user_agent: string;
  hostname: string;
  user_id: string;
  user_name: string;
  audience?: string;
  scope?: string;
  details?: Record<string, unknown>;
  references?: { trace_id?: string; correlation_id?: string };
}

export interface SigningKey {
  kid: string;
  cert: string;
  current: boolean;
  next: boolean;
  previous: boolean;
  current_since?: string;
  current_until?: string;
  fingerprint: string;
  thumbprint: string;
  revoked: boolean;
  revoked_at?: string;
}

export interface Settings {
  friendly_name?: string;
  picture_url?: string;
  support_email?: string;
  support_url?: string;
  default_audience?: string;
  flags?: Record<string, boolean>;
  resource_parameter_profile?: string;
  allow_organization_name_in_authentication_api?: boolean;
  default_token_quota?: { clients?: TokenQuota; organizations?: TokenQuota };
}

/** A page of a list, in the form that include_totals asks for. */
export type Totals<K extends string, T> = { total: number; start: number; limit: number } & Record<K, T[]>;

/** A part of a list, in the form that take asks for. */
export type Positioned<K extends string, T> = { next?: string } & Record<K, T[]>;

// The console's own interface, under /manage/.

export type Environment = 'development' | 'staging' | 'production';

export interface Membership {
  tenant: string;
  role: string;
  environment: Environment;
  domain: string;
}

export interface Operator {
  id: string;
  email: string;
  name: string;
  totp: boolean;
}

/** Absolute paths of PEM files. */
export interface LocalCA {
  certificate: string;
  /** With the system's roots. */
  bundle: string;
}

export interface Session {
  operator: Operator;
  memberships: Membership[];
  /** Whether the operator may make tenants. */
  creates_tenants: boolean;
  version: string;
  docs_url: string;
  /** Where on the server's machine the authority of its certificate is; absent where callers know it. */
  local_ca?: LocalCA;
}
