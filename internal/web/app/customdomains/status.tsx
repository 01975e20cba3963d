import { Badge } from '@mantine/core';
import type { CustomDomain } from './types';

const looks: Record<string, { label: string; color: string }> = {
  pending_verification: { label: 'Pending verification', color: 'yellow' },
  ready: { label: 'Ready', color: 'green' },
  failed: { label: 'Failed', color: 'red' },
};

/** How far the domain is. */
export function DomainStatus({ domain }: { domain: CustomDomain }) {
  const { label, color } = looks[domain.status] ?? { label: domain.status, color: 'gray' };
  return <Badge color={color}>{label}</Badge>;
}
