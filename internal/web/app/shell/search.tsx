import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useCallback, useContext, useMemo, useState } from 'react';
import { useLoad } from '../api/hooks';
import type { Client, ResourceServer } from '../api/types';
import { pages } from '../pages';
import { useRouter } from '../router';
import { IconApi, IconApps, IconSearch, IconServer } from '../ui/icons';
import classes from './search.module.css';
import { useSession } from './session';
import { TenantContext, tenantHref } from './tenant';

/** How many applications and APIs the search knows; beyond them, their own lists search on. */
const known = 100;

/** Ctrl+K: pages, tenants, and the tenant's applications and APIs by name or id. */
export function Search() {
  const { session } = useSession();
  const router = useRouter();
  const tenant = useContext(TenantContext);
  const [open, setOpen] = useState(false);
  const { clients, apis } = useNames(open);

  const actions = useMemo(() => {
    const groups: SpotlightActionGroupData[] = [];
    const go = (href: string) => () => void router.go(href);
    if (tenant) {
      groups.push({
        group: 'Pages',
        actions: pages.map(({ path, label, keywords, icon: Shape }) => ({
          id: path,
          label,
          keywords,
          leftSection: <Shape />,
          onClick: go(tenant.href(path)),
        })),
      });
      groups.push({
        group: 'Applications',
        actions: clients.map((c) => ({
          id: c.client_id,
          label: c.name,
          description: c.client_id,
          leftSection: <IconApps />,
          onClick: go(tenant.href(`/applications/${c.client_id}`)),
        })),
      });
      groups.push({
        group: 'APIs',
        actions: apis.map((a) => ({
          id: a.id,
          label: a.name ?? a.identifier,
          description: a.identifier,
          leftSection: <IconApi />,
          onClick: go(tenant.href(`/apis/${a.id}`)),
        })),
      });
    }
    groups.push({
      group: 'Tenants',
      actions: session.memberships.map((m) => ({
        id: `tenant ${m.tenant}`,
        label: m.tenant,
        description: m.domain,
        leftSection: <IconServer />,
        onClick: go(tenantHref(m.tenant)),
      })),
    });
    return groups.filter((group) => group.actions.length > 0);
  }, [tenant, clients, apis, session, router]);

  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      nothingFound="Nothing of this name"
      limit={12}
      scrollable
      maxHeight={440}
      highlightQuery
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      radius="md"
      classNames={{ action: classes.action, actionsGroup: classes.group, search: classes.input }}
      attributes={{ content: { 'aria-label': 'Search' } }}
      onSpotlightOpen={() => setOpen(true)}
      searchProps={{ placeholder: 'Search pages, applications, APIs, tenants', leftSection: <IconSearch />, 'aria-label': 'Search' }}
    />
  );
}

/** The names of applications and APIs, read when the search is opened for the first time. */
function useNames(open: boolean): { clients: Client[]; apis: ResourceServer[] } {
  const api = useContext(TenantContext)?.api;
  const load = useCallback(
    (signal: AbortSignal) => {
      if (!api || !open) {
        return undefined;
      }
      return Promise.all([
        api.can('read:clients') ? api.get<Client[]>(`clients?is_global=false&fields=client_id,name&per_page=${known}`, signal) : [],
        api.can('read:resource_servers')
          ? api.get<ResourceServer[]>(`resource-servers?fields=id,name,identifier&per_page=${known}`, signal)
          : [],
      ]);
    },
    [api, open],
  );
  const { data } = useLoad(load);
  return useMemo(() => ({ clients: data?.[0] ?? [], apis: data?.[1] ?? [] }), [data]);
}
