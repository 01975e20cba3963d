import { useMemo, useRef } from 'react';
import { type TenantApi, withQuery } from '../api/tenant';
import type { ClientGrant } from '../api/types';
import { useScan } from '../ui/list';

function machine(grant: ClientGrant): boolean {
  return grant.subject_type === 'client' && grant.client_id !== undefined;
}

/** The grant of an application for an API, as it is now. */
export async function findGrant(api: TenantApi, clientID: string, audience: string): Promise<ClientGrant | undefined> {
  const grants = await api.get<ClientGrant[]>(withQuery('client-grants', { client_id: clientID, audience }));
  return grants.find(machine);
}

/** All grants of an application, or for an API, by the other side: the audience, or the client's id. */
export function useGrants(by: { client_id: string } | { audience: string }) {
  const path = withQuery('client-grants', { ...by });
  const scan = useScan<'client_grants', ClientGrant>(path, 'client_grants', machine);
  const side = 'client_id' in by ? 'audience' : 'client_id';
  const grants = useMemo(() => new Map(scan.data?.rows.map((g) => [g[side] ?? '', g])), [scan.data, side]);
  const latest = useRef(scan.data); // of two changes that are under way, the second keeps what the first has put there
  latest.current = scan.data;
  const put = (other: string, grant: ClientGrant | undefined) => {
    const now = latest.current;
    if (now) {
      const rest = now.rows.filter((g) => g[side] !== other);
      latest.current = { ...now, rows: grant ? [...rest, grant] : rest };
      scan.set(latest.current);
    }
  };
  return { ...scan, grants, put };
}
