import type { Client, ClientGrant, ResourceServer } from '../api/types';

/** An application on the map; or several that may call the same, folded into one. */
export interface Caller {
  id: string;
  label: string;
  clients: Client[];
  edges: Edge[];
}

/** An API on the map. */
export interface Callee {
  id: string;
  label: string;
  rs: ResourceServer;
}

/** A grant; of a folded caller, one for all its applications. */
export interface Edge {
  id: string;
  from: string;
  to: string;
  label: string;
}

export interface Graph {
  callers: Caller[];
  callees: Callee[];
}

/** Shows each application of a folded caller. */
export type Unfold = (folded: Caller) => void;

/** So many applications with the same grants are shown as one, where the map is large. */
const foldFrom = 4;

/** A map with more applications than this is folded. */
export const large = 30;

/** What a grant allows, in a few words. */
export function scopeLabel(grant: ClientGrant): string {
  if (grant.allow_all_scopes) {
    return 'all permissions';
  }
  const scope = grant.scope ?? [];
  const text = scope.join(' ');
  return scope.length === 0 ? 'no permissions' : text.length <= 26 ? text : `${scope.length} permissions`;
}

/**
 * The map of what there is. The order is that of the APIs' names, those that nobody calls last, and of the names of the applications that call
 * each first: the same state always gives the same map.
 */
export function graphOf(clients: Client[], servers: ResourceServer[], grants: ClientGrant[], unfolded: ReadonlySet<string>): Graph {
  const called = new Set(grants.map((g) => g.audience));
  const rank = (rs: ResourceServer) => (called.has(rs.identifier) ? Number(rs.is_system ?? false) : 2);
  const callees = servers
    .map((rs) => ({ id: rs.identifier, label: rs.name ?? rs.identifier, rs }))
    .sort((a, b) => rank(a.rs) - rank(b.rs) || compare(a.label, b.label));
  const place = new Map(callees.map((c, i) => [c.id, i]));
  const byClient = new Map<string, ClientGrant[]>();
  for (const grant of grants) {
    if (grant.client_id && place.has(grant.audience)) {
      byClient.set(grant.client_id, [...(byClient.get(grant.client_id) ?? []), grant]);
    }
  }
  const callers = clients.map((client) => callerOf(client, byClient.get(client.client_id) ?? [], place));
  const first = (c: Caller) => (c.edges[0] ? (place.get(c.edges[0].to) ?? 0) : callees.length);
  callers.sort((a, b) => first(a) - first(b) || compare(a.label, b.label) || compare(a.id, b.id));
  return { callers: clients.length > large ? fold(callers, unfolded) : callers, callees };
}

function callerOf(client: Client, grants: ClientGrant[], place: Map<string, number>): Caller {
  const edges = grants
    .map((g) => ({ id: g.id, from: client.client_id, to: g.audience, label: scopeLabel(g) }))
    .sort((a, b) => (place.get(a.to) ?? 0) - (place.get(b.to) ?? 0));
  return { id: client.client_id, label: client.name, clients: [client], edges };
}

/** Puts applications that may do the same at the place of the first of them. */
function fold(callers: Caller[], unfolded: ReadonlySet<string>): Caller[] {
  const alike = new Map<string, Caller[]>();
  for (const caller of callers) {
    const key = foldKey(caller);
    alike.set(key, [...(alike.get(key) ?? []), caller]);
  }
  const folded: Caller[] = [];
  for (const [key, group] of alike) {
    const [one] = group;
    if (!one || group.length < foldFrom || unfolded.has(key)) {
      folded.push(...group);
      continue;
    }
    folded.push({
      id: key,
      label: `${group.length} applications`,
      clients: group.flatMap((c) => c.clients),
      edges: one.edges.map((e) => ({ ...e, id: `${key} ${e.to}`, from: key })),
    });
  }
  return folded;
}

/** Tells folded applications from others; callers with one key may do the same. */
export function foldKey(caller: Caller): string {
  return `= ${caller.edges.map((e) => `${e.to} ${e.label}`).join(', ')}`;
}

/** The part of a map that has to do with a text: nodes of that name, and what they are connected with. */
export function filtered(graph: Graph, text: string): Graph {
  if (!text) {
    return graph;
  }
  const named = (...names: string[]) => names.some((name) => name.toLowerCase().includes(text));
  const callees = new Set(graph.callees.filter((c) => named(c.label, c.id)).map((c) => c.id));
  const isHit = (c: Caller) => named(c.label) || c.clients.some((client) => named(client.name, client.client_id));
  const callers = graph.callers
    .map((c) => (isHit(c) ? c : { ...c, edges: c.edges.filter((e) => callees.has(e.to) || named(e.label)) }))
    .filter((c) => c.edges.length > 0 || isHit(c));
  const reached = new Set(callers.flatMap((c) => c.edges.map((e) => e.to)));
  return { callers, callees: graph.callees.filter((c) => callees.has(c.id) || reached.has(c.id)) };
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
