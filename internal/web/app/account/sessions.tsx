import { Badge, Button } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useLoad } from '../api/hooks';
import { useSession } from '../shell/session';
import { ConfirmDelete } from '../ui/confirm';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Ago } from '../ui/time';

interface SignIn {
  id: string;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  ip: string;
  user_agent: string;
}

/** Where the operator is signed in. */
export function Sessions() {
  const { console } = useSession();
  const load = useCallback((signal: AbortSignal) => console.call<SignIn[]>('sessions', { signal }), [console]);
  const { data, error, loading, reload } = useLoad(load);
  const [ending, setEnding] = useState<SignIn | null>(null);
  const columns: Column<SignIn>[] = [
    { id: 'agent', header: 'Browser', cell: (s) => browserOf(s.user_agent), below: (s) => s.ip },
    { id: 'ip', header: 'Address', width: '160px', wide: true, cell: (s) => s.ip },
    { id: 'since', header: 'Signed in', width: '130px', wide: true, cell: (s) => <Ago date={s.created_at} /> },
    { id: 'seen', header: 'Last used', width: '120px', cell: (s) => <Ago date={s.last_seen_at} /> },
    {
      id: 'end',
      header: '',
      width: '120px',
      align: 'right',
      cell: (s) =>
        s.current ? (
          <Badge color="green">This one</Badge>
        ) : (
          <Button size="compact-xs" color="red" variant="subtle" onClick={() => setEnding(s)}>
            End
          </Button>
        ),
    },
  ];
  return (
    <Panel flush title="Sessions" description="Where you are signed in. End what you do not know, and change your password.">
      {error && !data ? (
        <ErrorState error={error} retry={reload} />
      ) : data ? (
        <DataTable label="Sessions" columns={columns} rows={data} rowKey={(s) => s.id} busy={loading} />
      ) : (
        <LoadingRows rows={2} height={46} />
      )}
      <ConfirmDelete
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="End the session?"
        verb="End"
        act={async () => {
          await console.call(`sessions/${ending?.id}`, { method: 'DELETE' });
          reload();
        }}
      >
        {ending && `${browserOf(ending.user_agent)} at ${ending.ip} has to sign in again.`}
      </ConfirmDelete>
    </Panel>
  );
}

/** A browser and its system, as far as its own words tell. */
function browserOf(agent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(agent);
  if (!browser) {
    return agent || 'Unknown';
  }
  const name = browser[1] === 'Edg' ? 'Edge' : browser[1];
  return `${name} ${browser[2]}${system ? ` on ${system[1] === 'Mac OS X' ? 'macOS' : system[1]}` : ''}`;
}
