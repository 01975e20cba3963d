import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import { useAPIs } from '../apis/byaudience';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { Name, Stranger, useFirst } from '../ui/figures';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import type { Column } from '../ui/table';
import type { Usage, UsageRow } from './types';

interface TableProps {
  query: { from: string; to: string; per_page: number };
}

export function ByApplication({ query }: TableProps) {
  const { href } = useTenant();
  return (
    <Ranking
      query={query}
      by="client"
      title="By application"
      header="Application"
      name={(row) => <Link href={href(`/applications/${row.client_id}`)}>{row.client_name || row.client_id}</Link>}
      rowKey={(row) => row.client_id ?? ''}
    />
  );
}

export function ByAPI({ query }: TableProps) {
  const { href } = useTenant();
  const apis = useAPIs();
  return (
    <Ranking
      query={query}
      by="api"
      title="By API"
      header="API"
      name={(row) => {
        const rs = apis.get(row.audience ?? '');
        const label = row.api_name || row.audience;
        return rs ? <Link href={href(`/apis/${rs.id}`)}>{label}</Link> : label;
      }}
      rowKey={(row) => row.audience ?? ''}
    />
  );
}

export function ByOrganization({ query }: TableProps) {
  const { href } = useTenant();
  return (
    <Ranking
      query={query}
      by="organization"
      title="By organization"
      header="Organization"
      name={(row) =>
        row.organization_id ? (
          <Link href={href(`/organizations/${row.organization_id}`)}>{row.organization_name || row.organization_id}</Link>
        ) : (
          <Stranger>No organization</Stranger>
        )
      }
      rowKey={(row) => row.organization_id ?? ''}
    />
  );
}

interface RankingProps extends TableProps {
  by: string;
  title: string;
  header: string;
  name: (row: UsageRow) => React.ReactNode;
  rowKey: (row: UsageRow) => string;
}

function count(row: UsageRow): number {
  return row.tokens + row.management_api_tokens;
}

/** The busiest few, and all when asked. */
function Ranking({ query, by, title, header, name, rowKey }: RankingProps) {
  const list = useResource<Usage>(withQuery('writ/usage', { ...query, group_by: by }));
  const rows = [...(list.data?.usage ?? [])].sort((a, b) => count(b) - count(a));
  const { shown, more } = useFirst(rows);
  const columns: Column<UsageRow>[] = [
    { id: 'name', header, cell: (row) => <Name>{name(row)}</Name> },
    { id: 'tokens', header: 'Tokens', width: '110px', align: 'right', cell: (row) => count(row).toLocaleString('en') },
  ];
  return (
    <Panel flush title={title}>
      <ListBody list={list} label={title} columns={columns} rows={shown} rowKey={rowKey} expected={3} dense empty={null} />
      {more}
    </Panel>
  );
}
