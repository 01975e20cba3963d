import type { ClientGrant, OrganizationUsage } from '../api/types';

/** What a grant's tokens have to do with organizations, in Auth0's words. */
export const usages: { value: OrganizationUsage; label: string; text: string }[] = [
  { value: 'deny', label: 'None', text: 'A request may not name an organization.' },
  { value: 'allow', label: 'Optional', text: 'A request may name an organization.' },
  { value: 'require', label: 'Required', text: 'A request names an organization, or the application has a default one.' },
];

export function usageOf(grant: ClientGrant): OrganizationUsage {
  return grant.organization_usage ?? 'deny';
}

export function usageLabel(grant: ClientGrant): string {
  return usages.find((u) => u.value === usageOf(grant))?.label ?? '';
}
