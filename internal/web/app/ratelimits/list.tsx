import { Button, Text } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { withQuery } from '../api/tenant';
import type { Client } from '../api/types';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconGauge, IconPlus } from '../ui/icons';
import { useAll, useScan } from '../ui/list';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { Ago } from '../ui/time';
import { clientOf, configurationLabel, type RateLimitPolicy, selectorLabel } from './types';

/** All rate limit policies of the tenant; the API has no more than 1,000. */
export default function RateLimits() {
  const { href } = useTenant();
  const mayCreate = useCan('create:rate_limit_policies');
  const list = useAll<'rate_limit_policies', RateLimitPolicy>('rate-limit-policies', 'rate_limit_policies');
  const names = useClientNames(list.data);
  const columns: Column<RateLimitPolicy>[] = [
    { id: 'for', header: 'For', cell: (p) => selectorLabel(p.consumer_selector, names) },
    {
      id: 'limit',
      header: 'Limit',
      width: '40%',
      cell: (p) => (
        <Text size="sm" c="dimmed">
          {configurationLabel(p.configuration)}
        </Text>
      ),
    },
    { id: 'updated', header: 'Changed', width: '130px', wide: true, cell: (p) => <Ago date={p.updated_at} /> },
  ];
  const action = mayCreate && (
    <Button component={Link} href={href('/rate-limits/new')} leftSection={<IconPlus size={16} />}>
      Create policy
    </Button>
  );
  return (
    <>
      <PageHeader title="Rate limits" help="operations.md#who-may-ask-and-how-often" action={action}>
        How often applications may ask for tokens, in each second. The policy of one application goes before a group’s, and a group’s before
        the one for every other application. Each server of a cluster counts for itself.
      </PageHeader>
      <Panel flush>
        <ListBody
          list={list}
          label="Rate limit policies"
          columns={columns}
          rows={list.data ?? []}
          rowKey={(p) => p.id}
          href={(p) => href(`/rate-limits/${p.id}`)}
          expected={3}
          empty={
            <EmptyState icon={IconGauge} title="No policies yet" action={action}>
              Without one, an application may use up all that the tenant may ask for in a second.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}

const path = withQuery('clients', { fields: 'client_id,name' });

/** The names of the applications that policies are for. */
function useClientNames(policies: RateLimitPolicy[] | undefined): Map<string, string> {
  const readable = useCan('read:clients');
  const ids = useMemo(() => new Set((policies ?? []).map((p) => clientOf(p.consumer_selector)).filter(Boolean)), [policies]);
  const wanted = useCallback((c: Client) => ids.has(c.client_id), [ids]);
  const { data } = useScan<'clients', Client>(path, 'clients', readable && ids.size > 0 ? wanted : null);
  return useMemo(() => new Map((data?.rows ?? []).map((c) => [c.client_id, c.name])), [data]);
}
