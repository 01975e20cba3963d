import { ActionIcon, Button, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useState } from 'react';
import { useAction, useLoad } from '../api/hooks';
import { CreationModal } from '../forms/creationdialog';
import { useSession } from '../shell/session';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ConfirmDelete } from '../ui/confirm';
import { IconPlus, IconTrash } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Invitations, InviteForm } from './invitations';
import classes from './members.module.css';
import { governs, managesMembers, roleLabel, roles } from './roles';

interface Member {
  id: string;
  email: string;
  name: string;
  role: string;
}

/** The people of the tenant. The server decides who may change them; the page shows controls to those who may. */
export function Members() {
  const { membership } = useTenant();
  const { console, session, refresh } = useSession();
  const base = `tenants/${encodeURIComponent(membership.tenant)}`;
  const load = useCallback((signal: AbortSignal) => console.call<Member[]>(`${base}/members`, { signal }), [console, base]);
  const { data: members, error, loading, reload } = useLoad(load);
  const [inviting, invite] = useDisclosure(false);
  const [invited, setInvited] = useState(0);
  const [removing, setRemoving] = useState<Member | null>(null);
  const change = useAction(async (member: Member, role: string) => {
    await console.call(`${base}/members/${member.id}`, { method: 'PATCH', body: { role } });
    reload();
    refresh();
  });
  const remove = async () => {
    await console.call(`${base}/members/${removing?.id}`, { method: 'DELETE' });
    if (removing?.id === session.operator.id) {
      location.assign('/manage/'); // whoever leaves has nothing to see here
    }
    reload();
  };
  const steward = managesMembers(membership.role);
  if (error && !members) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!members) {
    return <LoadingRows rows={3} />;
  }
  const columns = [nameColumn(session.operator.id), ...(steward ? controls(membership.role, change.run, setRemoving) : [roleColumn])];
  const button = steward && (
    <Button leftSection={<IconPlus size={16} />} onClick={invite.open}>
      Invite
    </Button>
  );
  return (
    <>
      <ActionError error={change.error} />
      <Panel
        flush
        title="Members"
        description="People who administer this tenant. Roles are lists of permissions of the Management API."
        action={button}
      >
        <div className={classes.members}>
          <DataTable label="Members" columns={columns} rows={members} rowKey={(m) => m.id} busy={loading} />
        </div>
      </Panel>
      {steward && <Invitations key={invited} base={base} role={membership.role} />}
      <CreationModal opened={inviting} onClose={invite.close} title="Invite somebody">
        <InviteForm base={base} role={membership.role} onClose={invite.close} onMade={() => setInvited((n) => n + 1)} />
      </CreationModal>
      <ConfirmDelete opened={removing !== null} onClose={() => setRemoving(null)} title="Remove the member?" verb="Remove" act={remove}>
        {removing && nameOf(removing)} can no longer see or change anything of {membership.tenant}.
      </ConfirmDelete>
    </>
  );
}

function nameOf(member: Member): string {
  return member.name || member.email;
}

function nameColumn(operatorID: string): Column<Member> {
  return {
    id: 'name',
    header: 'Name',
    cell: (m) => (
      <>
        <Text fw={550} className={classes.name}>
          {nameOf(m)}
          {m.id === operatorID && (
            <Text component="span" c="dimmed" fw={400}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" className={classes.name}>
          {m.email}
        </Text>
      </>
    ),
  };
}

const roleColumn: Column<Member> = { id: 'role', header: 'Role', width: '42%', cell: (m) => roleLabel(m.role) };

/** Role and removal of those whom one's own role governs. */
function controls(own: string, change: (member: Member, role: string) => unknown, remove: (member: Member) => void): Column<Member>[] {
  return [
    {
      ...roleColumn,
      cell: (m) =>
        governs(own, m.role) ? (
          <NativeSelect
            aria-label={`Role of ${nameOf(m)}`}
            size="xs"
            maw={260}
            value={m.role}
            data={roles.filter((r) => governs(own, r.value))}
            onChange={(e) => void change(m, e.currentTarget.value)}
          />
        ) : (
          roleLabel(m.role)
        ),
    },
    {
      id: 'remove',
      header: '',
      width: '64px',
      align: 'right',
      cell: (m) =>
        governs(own, m.role) && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${nameOf(m)}`} onClick={() => remove(m)}>
            <IconTrash size={16} />
          </ActionIcon>
        ),
    },
  ];
}
