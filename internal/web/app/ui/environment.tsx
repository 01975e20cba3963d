import { Badge } from '@mantine/core';
import type { Environment } from '../api/types';

const looks: Record<Environment, { short: string; color: string }> = {
  development: { short: 'dev', color: 'gray' },
  staging: { short: 'staging', color: 'yellow' },
  production: { short: 'prod', color: 'red' },
};

/** A tenant's environment, so that nobody takes production for a playground. */
export function EnvironmentTag({ environment }: { environment: Environment }) {
  const { short, color } = looks[environment];
  return (
    <Badge size="sm" color={color} title={environment}>
      {short}
    </Badge>
  );
}
