import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useCallback, useContext, useMemo, useState } from 'react';
import { useLoad } from '../api/hooks';
import { type TenantApi, withQuery } from '../api/tenant';
import type { Client, Organization, ResourceServer } from '../api/types';
import { pages } from '../pages';
import { useRouter } from '../router';
import { IconApi, IconApps, IconBuilding, IconSearch, IconServer } from '../ui/icons';
import { useKeysFirst } from '../ui/keysfirst';
import classes from './search.module.css';
import { useSession } from './session';
import { TenantContext, tenantHref } from './tenant';

/** How many applications, APIs and organizations the search knows of each; beyond them, their own lists search on. */
const known = 100;

/** Ctrl+K: pages, tenants, and the tenant's applications, APIs and organizations by name or id. */
export function Search() {
  const { session } = useSession();
  const router = useRouter();
  const tenant = useContext(TenantContext);
  const { names, fault, read, readAgain } = useNames();
  const { clients, apis, organizations } = names;

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
      groups.push({
        group: 'Organizations',
        actions: organizations.map((o) => ({
          id: o.id,
          label: o.display_name ?? o.name,
          description: o.name,
          keywords: o.id,
          leftSection: <IconBuilding />,
          onClick: go(tenant.href(`/organizations/${o.id}`)),
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
  }, [tenant, clients, apis, organizations, session, router]);

  // A dialog is left, or answered, before anything else is looked for.
  useKeysFirst((event) => isSearch(event) && document.querySelector('[role=dialog][aria-modal=true]') !== null);

  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      nothingFound={fault ? `Nothing of this name among the pages. The other names could not be read: ${fault}` : 'Nothing of this name'}
      limit={40}
      scrollable
      maxHeight={440}
      highlightQuery
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      radius="md"
      classNames={{ action: classes.action, actionsGroup: classes.group, search: classes.input }}
      attributes={{ content: { 'aria-label': 'Search' } }}
      onSpotlightOpen={read}
      onQueryChange={readAgain}
      searchProps={{ placeholder: 'Search pages, applications, APIs, organizations', leftSection: <IconSearch />, 'aria-label': 'Search' }}
    />
  );
}

/** Whether a key opens the search. */
function isSearch(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
}

interface Names {
  clients: Client[];
  apis: ResourceServer[];
  organizations: Organization[];
}

const nothing: Names = { clients: [], apis: [], organizations: [] };

/** The names that the role may read, anew each time that the search is opened. Where that fails, what was read before stays. */
function useNames() {
  const [wanted, setWanted] = useState(false);
  const api = useContext(TenantContext)?.api;
  const load = useCallback((signal: AbortSignal) => (wanted && api ? namesOf(api, signal) : undefined), [api, wanted]);
  const { data, error, reload } = useLoad(load);
  const read = useCallback(() => {
    setWanted(true);
    reload();
  }, [reload]);
  /** After a failure, when somebody types on. */
  const readAgain = useCallback(() => {
    if (error) {
      reload();
    }
  }, [error, reload]);
  return { names: data ?? nothing, fault: error?.message, read, readAgain };
}

async function namesOf(api: TenantApi, signal: AbortSignal): Promise<Names> {
  const list = <T,>(scope: string, path: string) => (api.can(scope) ? api.get<T[]>(withQuery(path, { per_page: known }), signal) : []);
  const [clients, apis, organizations] = await Promise.all([
    list<Client>('read:clients', 'clients?is_global=false&fields=client_id,name'),
    list<ResourceServer>('read:resource_servers', 'resource-servers?fields=id,name,identifier'),
    list<Organization>('read:organizations', 'organizations'),
  ]);
  return { clients, apis, organizations };
}
