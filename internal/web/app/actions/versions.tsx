import { Badge, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Resource, useResource } from '../api/hooks';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import type { Column } from '../ui/table';
import { Moment } from '../ui/time';
import type { Action, Version } from './types';

/** What was deployed, newest first; each can be deployed again. The API keeps fifty. */
export function Versions({ resource, action }: { resource: Resource<Action>; action: Action }) {
  const { api } = useTenant();
  const mayDeploy = useCan('create:actions');
  const path = `actions/actions/${action.id}/versions`;
  const list = useResource<{ versions: Version[] }>(`${path}?per_page=100`);
  const [chosen, choose] = useState<Version | null>(null);
  const columns: Column<Version>[] = [
    {
      id: 'number',
      header: 'Version',
      cell: (v) => (
        <>
          {v.number}{' '}
          {v.deployed && (
            <Badge size="xs" color="green" ml={6}>
              Deployed
            </Badge>
          )}
        </>
      ),
      below: (v) => <Moment date={v.created_at} />,
    },
    { id: 'runtime', header: 'Runtime', width: '140px', wide: true, cell: (v) => v.runtime },
    { id: 'made', header: 'Created', width: '220px', wide: true, cell: (v) => <Moment date={v.created_at} /> },
  ];
  if (mayDeploy) {
    columns.push({
      id: 'deploy',
      header: '',
      width: '150px',
      align: 'right',
      cell: (v) =>
        !v.deployed && (
          <Button size="compact-xs" variant="default" onClick={() => choose(v)} aria-label={`Deploy again: version ${v.number}`}>
            Deploy again
          </Button>
        ),
    });
  }
  return (
    <Panel flush title="Versions">
      <ListBody
        list={list}
        label="Versions"
        columns={columns}
        rows={list.data?.versions ?? []}
        rowKey={(v) => v.id}
        expected={2}
        empty={null}
      />
      <ConfirmDelete
        opened={chosen !== null}
        onClose={() => choose(null)}
        title={`Deploy version ${chosen?.number} again?`}
        verb="Deploy"
        act={async () => {
          await api.post(`${path}/${chosen?.id}/deploy`);
          notifications.show({ color: 'green', message: `Version ${chosen?.number} is deployed again, as a new one.` });
          resource.reload();
        }}
      >
        A copy of it becomes the newest version, and is what is deployed. The draft stays as it is.
      </ConfirmDelete>
    </Panel>
  );
}
