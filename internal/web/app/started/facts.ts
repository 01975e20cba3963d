import type { Console } from '../api/console';
import { type TenantApi, withQuery } from '../api/tenant';
import type { ClientGrant, LogEvent, Membership, ResourceServer, Settings, SigningKey } from '../api/types';

/** What the steps of the guide are judged by. What the role may not read is undefined. */
export interface Facts {
  /** The tenant's own APIs: all but the Management API. The first hundred. */
  apis?: ResourceServer[];
  /** The grants of applications for those, and for the Management API. */
  grants?: ClientGrant[];
  automations?: ClientGrant[];
  settings?: Settings;
  keys?: SigningKey[];
  /** How many people may administer the tenant. */
  admins?: number;
  /** Whether the log has a token for an API of the tenant, of an application that may still call it. */
  issued?: boolean;
  /** Whether the log has a refusal of such an application. */
  refused?: boolean;
  /** Whether an application has changed the configuration, and still may: what operators do is no application's. */
  automated?: boolean;
  /** The tags of the operator's tenants. */
  environments: Set<string>;
}

const firstPage = 100;

/** A query may have 64 terms: so many clients are asked about. */
const clientsAsked = 40;

/** Reads what there is. What the role does not include is left out; any other failure is thrown. */
export async function readFacts(api: TenantApi, console: Console, memberships: Membership[], signal?: AbortSignal): Promise<Facts> {
  const read = <T>(scope: string, path: string) => (api.can(scope) ? api.get<T>(path, signal) : undefined);
  const [servers, grants, settings, keys, admins] = await Promise.all([
    read<ResourceServer[]>('read:resource_servers', withQuery('resource-servers', { per_page: firstPage })),
    read<ClientGrant[]>('read:client_grants', withQuery('client-grants', { per_page: firstPage })),
    read<Settings>('read:tenant_settings', 'tenants/settings'),
    read<SigningKey[]>('read:signing_keys', 'keys/signing'),
    countAdmins(console, api.tenant, signal),
  ]);
  const apis = servers?.filter((s) => !s.is_system);
  const audiences = new Set(apis?.map((s) => s.identifier));
  const machines = grants?.filter((g) => g.client_id !== undefined);
  const own = machines?.filter((g) => audiences.has(g.audience));
  const system = servers?.find((s) => s.is_system)?.identifier;
  const automations = machines?.filter((g) => g.audience === system);
  const log = api.can('read:logs') ? (terms: string) => newest(api, terms, signal) : undefined;
  const [issued, refused, automated] = await Promise.all([
    log && own && hasToken(log, own, audiences),
    log && own && found(log, 'type:feccft', own),
    log && automations && found(log, 'type:sapi', automations),
  ]);
  const environments = new Set<string>(memberships.map((m) => m.environment));
  return { apis, grants: own, automations, settings, keys, admins, issued, refused, automated, environments };
}

async function countAdmins(console: Console, tenant: string, signal?: AbortSignal): Promise<number | undefined> {
  try {
    const members = await console.call<{ role: string }[]>(`tenants/${encodeURIComponent(tenant)}/members`, { signal });
    return members.filter((m) => m.role === 'owner' || m.role === 'admin').length;
  } catch {
    signal?.throwIfAborted();
    return undefined; // not every role sees the others
  }
}

type Search = (terms: string) => Promise<LogEvent[]>;

function newest(api: TenantApi, q: string, signal?: AbortSignal): Promise<LogEvent[]> {
  return api.get<LogEvent[]>(withQuery('logs', { q, per_page: 50, sort: 'date:-1', fields: 'log_id,audience' }), signal);
}

/** A term that holds for the clients of the grants; empty = there are none. */
function clientsOf(grants: ClientGrant[]): string {
  const ids = [...new Set(grants.map((g) => g.client_id))].slice(0, clientsAsked);
  return ids.length > 0 ? `(${ids.map((id) => `client_id:"${id}"`).join(' OR ')})` : '';
}

async function found(log: Search, terms: string, grants: ClientGrant[]): Promise<boolean> {
  const clients = clientsOf(grants);
  return clients !== '' && (await log(`${terms} AND ${clients}`)).length > 0;
}

async function hasToken(log: Search, grants: ClientGrant[], audiences: Set<string>): Promise<boolean> {
  const clients = clientsOf(grants);
  return clients !== '' && (await log(`type:seccft AND ${clients}`)).some((event) => audiences.has(event.audience ?? ''));
}
