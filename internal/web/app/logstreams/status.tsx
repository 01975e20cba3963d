import { Badge } from '@mantine/core';
import type { LogStream } from './types';

const looks: Record<string, { label: string; color: string }> = {
  active: { label: 'Active', color: 'green' },
  paused: { label: 'Paused', color: 'yellow' },
  suspended: { label: 'Suspended', color: 'red' },
};

export function StreamStatus({ stream }: { stream: LogStream }) {
  const { label, color } = looks[stream.status] ?? { label: stream.status, color: 'gray' };
  return <Badge color={color}>{label}</Badge>;
}
