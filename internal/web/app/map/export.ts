import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { scopeLabel } from './graph';

/** What was read: all that the map shows. */
export interface Inventory {
  tenant: string;
  domain: string;
  clients: Client[];
  servers: ResourceServer[];
  grants: ClientGrant[];
}

/** The map as data, in the Management API's words. The same state always gives the same text. */
export function asJSON({ tenant, domain, clients, servers, grants }: Inventory): string {
  const map = {
    tenant,
    domain,
    resource_servers: servers.map(({ id, name, identifier, is_system, scopes }) => ({
      id,
      name,
      identifier,
      is_system: is_system ?? false,
      scopes: is_system ? undefined : (scopes ?? []).map((s) => s.value),
    })),
    clients: clients.map(({ client_id, name, app_type }) => ({ client_id, name, app_type })),
    client_grants: grants.map(({ id, client_id, audience, scope, allow_all_scopes }) => ({
      id,
      client_id,
      audience,
      scope,
      allow_all_scopes,
    })),
  };
  return JSON.stringify(map, null, 2);
}

/** The map as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). */
export function asMermaid({ clients, servers, grants }: Inventory): string {
  const callers = new Map(clients.map((c, i) => [c.client_id, `app${i + 1}`]));
  const callees = new Map(servers.map((s, i) => [s.identifier, `api${i + 1}`]));
  const name = naming([...clients.map((c) => c.name), ...servers.map(calleeName)]);
  const lines = ['flowchart LR'];
  for (const client of clients) {
    lines.push(`  ${callers.get(client.client_id)}["${quoted(name(client.name, client.client_id))}"]`);
  }
  for (const rs of servers) {
    lines.push(`  ${callees.get(rs.identifier)}(["${quoted(name(calleeName(rs), rs.identifier))}"])`);
  }
  for (const grant of grants) {
    const from = callers.get(grant.client_id ?? '');
    const to = callees.get(grant.audience);
    if (from && to) {
      lines.push(`  ${from} -->|"${quoted(scopeLabel(grant))}"| ${to}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function calleeName(rs: ResourceServer): string {
  return rs.name ?? rs.identifier;
}

/** Adds its identifier to a name that several have. */
function naming(names: string[]): (name: string, id: string) => string {
  const seen = new Set<string>();
  const shared = new Set(names.filter((n) => seen.has(n) || !seen.add(n)));
  return (name, id) => (shared.has(name) ? `${name} (${id})` : name);
}

/** Mermaid reads entities by number within quotes; whatever could mean something to it becomes one. */
function quoted(text: string): string {
  return text.replace(/[^\p{L}\p{N} ()*+,./:@_-]/gu, (c) => `#${c.codePointAt(0)};`);
}
