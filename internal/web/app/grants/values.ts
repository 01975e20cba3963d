import type { ClientGrant, OrganizationUsage } from '../api/types';
import { usageOf } from './organizations';

/** Sorted; null = all permissions, also those that the API gets later. */
export type Scopes = string[] | null;

/** A grant as its form shows it. */
export interface GrantValues {
  scope: Scopes;
  organization_usage: OrganizationUsage;
  allow_any_organization: boolean;
}

export function readGrant(grant: ClientGrant): GrantValues {
  return {
    scope: grant.allow_all_scopes ? null : [...(grant.scope ?? [])].sort(),
    organization_usage: usageOf(grant),
    allow_any_organization: grant.allow_any_organization ?? false,
  };
}

/** The API takes a list only where not all are granted, and knows no allow_all_scopes for system APIs. */
export function writeGrant({ scope, ...rest }: Partial<GrantValues>, _all: GrantValues, present: GrantValues): Partial<ClientGrant> {
  if (scope === undefined) {
    return rest;
  }
  if (scope === null) {
    return { ...rest, allow_all_scopes: true };
  }
  return { ...rest, scope, ...(present.scope === null && { allow_all_scopes: false }) };
}

/** Theirs with what was added and removed here; undefined where all permissions are somebody's choice. */
export function joinScopes(before: Scopes, mine: Scopes, theirs: Scopes): string[] | undefined {
  if (!before || !mine || !theirs) {
    return undefined;
  }
  const added = without(mine, before);
  const removed = without(before, mine);
  return [...new Set([...without(theirs, removed), ...added])].sort();
}

export function without(from: string[], values: string[]): string[] {
  return from.filter((v) => !values.includes(v));
}
