import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { type Activity, mostListed } from '../activity/data';
import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { Client } from '../api/types';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { IconApps, IconPlus } from '../ui/icons';
import { SearchList } from '../ui/searchlist';
import { EmptyState } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { CreateApplication } from './create';
import { kindLabel } from './kinds';
import { searched, texts } from './searched';

const path = withQuery('clients', { is_global: false, fields: 'client_id,name,app_type,grant_types', include_fields: true });

/** All applications of the tenant. */
export default function Applications() {
  const { href } = useTenant();
  const [creating, create] = useDisclosure(false);
  const mayCreate = useCan('create:clients');
  const columns = useColumns();
  const createButton = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
      Create application
    </Button>
  );
  return (
    <>
      <PageHeader title="Applications" help="dashboard.md#applications" action={createButton}>
        Programs that ask for tokens. Each has an ID and a secret of its own, and may call the APIs that you authorize it for.
      </PageHeader>
      <SearchList<'clients', Client>
        label="Applications"
        path={path}
        listKey="clients"
        searched={searched}
        texts={texts}
        empty={
          <EmptyState icon={IconApps} title="No applications yet" action={createButton}>
            Create one for each program that calls an API, so that each can be stopped alone.
          </EmptyState>
        }
      >
        {(rows, busy) => (
          <DataTable
            label="Applications"
            columns={columns}
            rows={rows}
            rowKey={(c) => c.client_id}
            href={(c) => href(`/applications/${c.client_id}`)}
            busy={busy}
          />
        )}
      </SearchList>
      <CreateApplication opened={creating} onClose={create.close} />
    </>
  );
}

function useColumns(): Column<Client>[] {
  const logs = useCan('read:logs');
  const tokens = useTokensToday(logs);
  return useMemo(() => {
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
