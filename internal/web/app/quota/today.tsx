import { useState } from 'react';
import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { type Usage, type UsageRow, utcDay } from '../usage/types';
import classes from './today.module.css';

/** Rows that are shown, the busiest first. */
const few = 10;

/** How many tokens were issued today, for whom: what the defaults are measured by. */
export function Today() {
  const { href } = useTenant();
  const columns = (by: 'client' | 'organization'): Column<UsageRow>[] => [
    {
      id: 'name',
      header: by === 'client' ? 'Application' : 'Organization',
      cell: (row) => {
        const id = by === 'client' ? row.client_id : row.organization_id;
        const name = by === 'client' ? row.client_name : row.organization_name;
        return <Link href={href(`/${by === 'client' ? 'applications' : 'organizations'}/${id}?tab=quota`)}>{name || id}</Link>;
      },
    },
    { id: 'tokens', header: 'Tokens', width: '110px', align: 'right', cell: (row) => all(row).toLocaleString('en') },
  ];
  return (
    <div className={classes.columns}>
      <Busiest by="client" title="Applications, so far today" columns={columns('client')} />
      <Busiest by="organization" title="Organizations, so far today" columns={columns('organization')} />
    </div>
  );
}

function all(row: UsageRow): number {
  return row.tokens + row.management_api_tokens;
}

function Busiest({ by, title, columns }: { by: 'client' | 'organization'; title: string; columns: Column<UsageRow>[] }) {
  const [day] = useState(() => utcDay(0));
  const list = useResource<Usage>(withQuery('writ/usage', { from: day, to: day, group_by: by, per_page: 10000 }));
  const rows = (list.data?.usage ?? []).filter((row) => by === 'client' || row.organization_id).sort((a, b) => all(b) - all(a));
  return (
    <div>
      <Panel flush title={title} description="Since midnight UTC, when the daily quotas start again.">
        <ListBody
          list={list}
          label={title}
          columns={columns}
          rows={rows.slice(0, few)}
          rowKey={(row) => (by === 'client' ? row.client_id : row.organization_id) ?? ''}
          expected={3}
          dense
          empty={<EmptyState title="No tokens yet today" />}
        />
      </Panel>
    </div>
  );
}
