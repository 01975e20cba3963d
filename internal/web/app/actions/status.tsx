import { Badge } from '@mantine/core';
import type { Action } from './types';

const looks: Record<string, { label: string; color: string }> = {
  built: { label: 'Built', color: 'green' },
  failed: { label: 'Failed', color: 'red' },
  pending: { label: 'Pending', color: 'yellow' },
};

/** How far the draft is. */
export function DraftStatus({ action }: { action: Action }) {
  const { label, color } = looks[action.status] ?? { label: action.status, color: 'gray' };
  return <Badge color={color}>{label}</Badge>;
}
