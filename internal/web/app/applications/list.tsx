import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { type Activity, mostListed } from '../activity/data';
import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { Client } from '../api/types';
import { useQuery } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { IconApps, IconPlus, IconSearch } from '../ui/icons';
import { perPage, usePaged, useScan } from '../ui/list';
import { Pager } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { CreateApplication } from './create';
import { kindLabel } from './kinds';

const path = withQuery('clients', { is_global: false, fields: 'client_id,name,app_type,grant_types', include_fields: true });

/** All applications of the tenant. */
export default function Applications() {
  const [creating, create] = useDisclosure(false);
  const mayCreate = useCan('create:clients');
  const [search, setSearch] = useQuery('search');
  const [text] = useDebouncedValue(search.trim().toLowerCase(), 200);
  const createButton = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
      Create application
    </Button>
  );
  return (
    <>
      <PageHeader title="Applications" help="dashboard.md#applications" action={createButton}>
        Programs that ask for tokens. Each has an id and a secret of its own, and may call the APIs that you authorize it for.
      </PageHeader>
      <TextInput
        mb="md"
        maw={360}
        placeholder="Search by name or client ID"
        aria-label="Search applications"
        leftSection={<IconSearch size={15} />}
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <Panel flush>{text ? <FoundClients text={text} /> : <AllClients action={createButton} />}</Panel>
      <CreateApplication opened={creating} onClose={create.close} />
    </>
  );
}

function AllClients({ action }: { action: React.ReactNode }) {
  const { rows, total, page, setPage, data, error, loading, reload } = usePaged<'clients', Client>(path, 'clients');
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={8} height={46} />;
  }
  if (total === 0) {
    return (
      <EmptyState icon={IconApps} title="No applications yet" action={action}>
        Create one for each program that calls an API, so that each can be stopped alone.
      </EmptyState>
    );
  }
  return (
    <>
      <ClientTable rows={rows} busy={loading} />
      <Box px="1.1rem" pb={total > perPage ? 'sm' : 0}>
        <Pager page={page} perPage={perPage} total={total} count={rows.length} onPage={setPage} />
      </Box>
    </>
  );
}

function FoundClients({ text }: { text: string }) {
  const wanted = useCallback((c: Client) => c.name.toLowerCase().includes(text) || c.client_id.toLowerCase().includes(text), [text]);
  const { data, error, reload, further } = useScan<'clients', Client>(path, 'clients', wanted);
  if (error) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={3} height={46} />;
  }
  return (
    <>
      {data.rows.length > 0 ? (
        <ClientTable rows={data.rows} />
      ) : (
        <EmptyState title="No application of this name">Names and client IDs were searched.</EmptyState>
      )}
      {data.more && (
        <Group p="md" justify="space-between">
          <Text size="sm" c="dimmed">
            {data.seen.toLocaleString('en')} applications searched.
          </Text>
          <Button size="xs" variant="default" onClick={further}>
            Search further
          </Button>
        </Group>
      )}
    </>
  );
}

function ClientTable({ rows, busy }: { rows: Client[]; busy?: boolean }) {
  const { href } = useTenant();
  const logs = useCan('read:logs');
  const tokens = useTokensToday(logs);
  const columns = useMemo(() => {
    const all: Column<Client>[] = [
      { id: 'name', header: 'Name', cell: (c) => c.name },
      {
        id: 'type',
        header: 'Type',
        width: '200px',
        wide: true,
        cell: (c) => (
          <Text size="sm" c="dimmed">
            {kindLabel(c)}
          </Text>
        ),
      },
      {
        id: 'id',
        header: 'Client ID',
        width: '320px',
        wide: true,
        cell: (c) => <InlineId value={c.client_id} label="Copy the client ID" />,
      },
    ];
    if (logs) {
      all.push({ id: 'tokens', header: 'Tokens today', width: '120px', align: 'right', cell: (c) => tokensOf(tokens, c.client_id) });
    }
    return all;
  }, [logs, tokens]);
  return (
    <DataTable
      label="Applications"
      columns={columns}
      rows={rows}
      rowKey={(c) => c.client_id}
      href={(c) => href(`/applications/${c.client_id}`)}
      busy={busy}
    />
  );
}

/** How many tokens each application got since midnight here, from the log. */
function useTokensToday(readable: boolean): Activity | undefined {
  const [midnight] = useState(() => new Date(new Date().setHours(0, 0, 0, 0)).toISOString());
  return useResource<Activity>(readable ? withQuery('writ/activity', { from: midnight }) : null).data;
}

function tokensOf(today: Activity | undefined, clientID: string): string {
  if (!today) {
    return '–';
  }
  const found = today.applications.find((a) => a.client_id === clientID);
  if (!found && today.applications.length >= mostListed) {
    return '–';
  }
  const issued = found?.issued ?? 0;
  return `${issued.toLocaleString('en')}${today.counted_from === today.from ? '' : '+'}`;
}
