import { useMemo } from 'react';
import { useResource } from '../api/hooks';
import type { ResourceServer } from '../api/types';
import { useCan } from '../shell/tenant';

/** The tenant's APIs by audience, for their names; the first hundred, and none where the role does not show them. */
export function useAPIs(): Map<string, ResourceServer> {
  const readable = useCan('read:resource_servers');
  const { data } = useResource<ResourceServer[]>(readable ? 'resource-servers?fields=id,name,identifier&per_page=100' : null);
  return useMemo(() => new Map((data ?? []).map((rs) => [rs.identifier, rs])), [data]);
}
