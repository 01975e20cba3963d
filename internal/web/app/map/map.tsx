import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure, useElementSize } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { useQuery } from '../router';
import { useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconDownload, IconSearch, IconSitemap } from '../ui/icons';
import { useScan } from '../ui/list';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { plural } from '../ui/time';
import { Drawing } from './drawing';
import type { Inventory } from './export';
import { ExportMap } from './exportmap';
import { type Caller, filtered, type Graph, graphOf, large, type Unfold } from './graph';
import classes from './map.module.css';
import { Outline } from './outline';

/** Who may call what: applications, APIs and the grants between them. */
export default function TenantMap() {
  const { inventory, more, further, error, reload } = useInventory();
  const [exporting, exportMap] = useDisclosure(false);
  const exportButton = inventory && (
    <Button variant="default" leftSection={<IconDownload size={16} />} onClick={exportMap.open}>
      Export
    </Button>
  );
  return (
    <>
      <PageHeader title="Map" help="dashboard.md#map" action={exportButton}>
        Which application may call which API, and what it may do there.
      </PageHeader>
      {error && !inventory ? (
        <ErrorState error={error} retry={reload} />
      ) : inventory ? (
        <Views inventory={inventory} />
      ) : (
        <LoadingRows rows={9} />
      )}
      {more && (
        <Group mt="md">
          <Text size="sm" c="dimmed">
            There are more.
          </Text>
          <Button size="xs" variant="default" onClick={further}>
            Read further
          </Button>
        </Group>
      )}
      {inventory && <ExportMap opened={exporting} onClose={exportMap.close} inventory={inventory} complete={!more} />}
    </>
  );
}

const all = () => true;
const machines = (grant: ClientGrant) => grant.subject_type === 'client' && grant.client_id !== undefined;

function useInventory() {
  const { membership } = useTenant();
  const clients = useScan<'clients', Client>('clients?is_global=false&fields=client_id,name,app_type', 'clients', all);
  const servers = useScan<'resource_servers', ResourceServer>('resource-servers', 'resource_servers', all);
  const grants = useScan<'client_grants', ClientGrant>('client-grants', 'client_grants', machines);
  const lists = [clients, servers, grants];
  const { tenant, domain } = membership;
  const inventory = useMemo<Inventory | undefined>(
    () =>
      clients.data && servers.data && grants.data
        ? { tenant, domain, clients: clients.data.rows, servers: servers.data.rows, grants: grants.data.rows }
        : undefined,
    [tenant, domain, clients.data, servers.data, grants.data],
  );
  const every = (act: 'reload' | 'further') => () => {
    for (const list of lists) {
      list[act]();
    }
  };
  return {
    inventory,
    more: lists.some((l) => l.data?.more),
    error: lists.find((l) => l.error)?.error,
    reload: every('reload'),
    further: every('further'),
  };
}

/** A drawing needs so many pixels; where there are fewer, lists say the same. */
const drawable = 720;

function Views({ inventory }: { inventory: Inventory }) {
  const { clients, servers, grants } = inventory;
  const [search, setSearch] = useQuery('search');
  const [text] = useDebouncedValue(search.trim().toLowerCase(), 150);
  const [view, setView] = useQuery('view', 'drawing');
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set<string>());
  const { ref, width } = useElementSize();
  const graph = useMemo(() => filtered(graphOf(clients, servers, grants, unfolded), text), [clients, servers, grants, unfolded, text]);
  const follow = useFocusOn(graph);
  const unfold = useCallback<Unfold>(
    (folded) => {
      setUnfolded((old) => new Set([...old, folded.id]));
      follow(folded);
    },
    [follow],
  );
  const wide = width >= drawable;
  return (
    <div ref={ref}>
      <div className={classes.bar}>
        <TextInput
          className={classes.search}
          placeholder="Filter by application, API or permission"
          aria-label="Filter the map"
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        {wide && (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={setView}
            aria-label="How the map is shown"
            data={[
              { value: 'drawing', label: 'Drawing' },
              { value: 'list', label: 'List' },
            ]}
          />
        )}
        {unfolded.size > 0 && (
          <Button size="xs" variant="default" onClick={() => setUnfolded(new Set<string>())}>
            Fold again
          </Button>
        )}
        <Text size="sm" c="dimmed" className={classes.count}>
          {plural(clients.length, 'application')}, {plural(servers.length, 'API')}, {plural(grants.length, 'grant')}
        </Text>
      </div>
      {clients.length > large && unfolded.size === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          Applications that may do the same are shown as one; press it to see each.
        </Text>
      )}
      <Shown graph={graph} drawing={wide && view === 'drawing'} width={width} unfold={unfold} />
    </div>
  );
}

/** Puts the focus on the first of what was unfolded, in place of what was pressed and in the same list, once it is shown. */
function useFocusOn(graph: Graph): Unfold {
  const awaited = useRef<{ folded: Caller; list: ParentNode }>(undefined);
  useEffect(() => {
    if (!awaited.current) {
      return;
    }
    const { folded, list } = awaited.current;
    const ids = folded.clients.map((c) => c.client_id);
    const first = graph.callers.find((c) => ids.includes(c.id));
    if (first) {
      awaited.current = undefined;
      list.querySelector<HTMLElement | SVGElement>(`[data-caller="${CSS.escape(first.id)}"]`)?.focus();
    }
  }, [graph]);
  return useCallback((folded) => {
    awaited.current = { folded, list: document.activeElement?.closest('ul') ?? document };
  }, []);
}

interface ShownProps {
  graph: Graph;
  drawing: boolean;
  width: number;
  unfold: Unfold;
}

function Shown({ graph, drawing, width, unfold }: ShownProps) {
  if (width === 0) {
    return null; // not measured yet: nothing that would have to jump
  }
  if (graph.callers.length === 0 && graph.callees.length === 0) {
    return (
      <EmptyState icon={IconSitemap} title="Nothing of this name">
        Names, client IDs, identifiers and permissions were searched.
      </EmptyState>
    );
  }
  return drawing ? <Drawing graph={graph} width={width} unfold={unfold} /> : <Outline graph={graph} unfold={unfold} />;
}
