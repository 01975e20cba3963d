import { ActionIcon, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { Client, ClientGrant, Organization } from '../api/types';
import { useAPIs } from '../apis/byaudience';
import { usageLabel, usageOf } from '../grants/organizations';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { IconAlertTriangle, IconPlus, IconTrash } from '../ui/icons';
import { usePaged } from '../ui/list';
import { ListBody } from '../ui/listbody';
import { ListPager, NoRows } from '../ui/pager';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import classes from './access.module.css';
import { AddAccess } from './addaccess';

/** Which applications may ask for tokens that are for the organization, by their client grants. */
export function MachineAccess({ organization }: { organization: Organization }) {
  const { api } = useTenant();
  const path = `organizations/${organization.id}/client-grants`;
  const list = usePaged<'client_grants', ClientGrant>(path, 'client_grants');
  const { names, reload: reloadNames } = useClientNames(`client_grant.organization_id:${organization.id}`);
  const columns = useColumns(names);
  const [adding, add] = useDisclosure(false);
  const [removing, setRemoving] = useState<ClientGrant | null>(null);
  const mayAdd = useCan('create:organization_client_grants') && api.can('read:client_grants') && api.can('read:clients');
  const mayRemove = useCan('delete:organization_client_grants');
  const label = organization.display_name ?? organization.name;
  const action = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
      Add access
    </Button>
  );
  const none = (
    <EmptyState title="No application has access yet" action={action}>
      An application that is authorized for an API gets access here. Then its token requests may name this organization.
    </EmptyState>
  );
  const added = () => {
    list.reload();
    reloadNames();
  };
  const remove: Column<ClientGrant> = {
    id: 'remove',
    header: '',
    width: '64px',
    align: 'right',
    cell: (g) => (
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove the access of ${nameOf(names, g)} to ${g.audience}`}
        onClick={() => setRemoving(g)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    ),
  };
  return (
    <>
      <Panel
        flush
        title="Applications with access"
        description={`They may ask for tokens that are for ${label}: one line for each API.`}
        action={list.total ? action : undefined}
      >
        <ListBody
          list={list}
          label="Applications with access"
          columns={mayRemove ? [...columns, remove] : columns}
          rows={list.rows}
          rowKey={(g) => g.id}
          expected={3}
          empty={<NoRows list={list} empty={none} />}
        />
      </Panel>
      <ListPager list={list} />
      <AnyOrganization />
      <AddAccess opened={adding} onClose={add.close} organization={organization} onAdded={added} />
      <ConfirmDelete
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove the access?"
        verb="Remove"
        act={async () => {
          await api.delete(`${path}/${removing?.id}`);
          list.reload();
        }}
      >
        {removing && nameOf(names, removing)} gets no new tokens for <code>{removing?.audience}</code> that are for {label}. Its grant for
        the API stays.
      </ConfirmDelete>
    </>
  );
}

/** Grants that are good for every organization, this one included; nothing where there is none. */
function AnyOrganization() {
  const readable = useCan('read:client_grants');
  return readable ? <AnyOrganizationList /> : null;
}

function AnyOrganizationList() {
  const path = withQuery('client-grants', { allow_any_organization: true });
  const list = usePaged<'client_grants', ClientGrant>(path, 'client_grants', 'any');
  const { names } = useClientNames('client_grant.allow_any_organization:true');
  const columns = useColumns(names);
  if (!list.total) {
    return null;
  }
  return (
    <div className={classes.any}>
      <Panel flush title="With access to any organization" description="By their grants, which say so; see the application’s APIs.">
        <ListBody
          list={list}
          label="Applications with access to any organization"
          columns={columns}
          rows={list.rows}
          rowKey={(g) => g.id}
          empty={<NoRows list={list} empty={null} />}
        />
      </Panel>
      <ListPager list={list} />
    </div>
  );
}

/** The names of the applications whose grants match, by client ID. */
function useClientNames(q: string) {
  const readable = useCan('read:clients');
  const path = withQuery('clients', { q, take: 100, fields: 'client_id,name' });
  const { data, reload } = useResource<{ clients: Client[] }>(readable ? path : null);
  const names = useMemo(() => new Map((data?.clients ?? []).map((c) => [c.client_id, c.name])), [data]);
  return { names, reload };
}

function nameOf(names: Map<string, string>, grant: ClientGrant): string {
  return names.get(grant.client_id ?? '') ?? grant.client_id ?? '';
}

function useColumns(names: Map<string, string>): Column<ClientGrant>[] {
  const { href } = useTenant();
  const apis = useAPIs();
  return [
    {
      id: 'application',
      header: 'Application',
      cell: (g) => (
        <>
          {g.client_id ? (
            <Link href={href(`/applications/${g.client_id}?tab=apis`)} className={classes.name}>
              {nameOf(names, g)}
            </Link>
          ) : (
            'All third-party applications'
          )}
          {usageOf(g) === 'deny' && (
            <span className={classes.fault}>
              <IconAlertTriangle size={14} /> No effect: the grant supports no organizations
            </span>
          )}
        </>
      ),
    },
    {
      id: 'api',
      header: 'API',
      cell: (g) => {
        const rs = apis.get(g.audience);
        return rs ? (
          <Link href={href(`/apis/${rs.id}`)} className={classes.name}>
            {rs.name ?? rs.identifier}
          </Link>
        ) : (
          <span className={classes.name}>{g.audience}</span>
        );
      },
    },
    {
      id: 'scope',
      header: 'Permissions',
      width: '130px',
      align: 'right',
      wide: true,
      cell: (g) => (g.allow_all_scopes ? 'All' : (g.scope?.length ?? 0)),
    },
    { id: 'usage', header: 'Organization support', width: '190px', wide: true, cell: usageLabel },
  ];
}
