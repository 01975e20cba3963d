import { ActionIcon, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useState } from 'react';
import { useAction, useLoad } from '../api/hooks';
import { useSession } from '../shell/session';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ConfirmDelete } from '../ui/confirm';
import { CopyField } from '../ui/copy';
import { IconPlus, IconTrash } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { managesMembers, roleLabel, roles } from './roles';

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
  const [removing, setRemoving] = useState<Member | null>(null);
  const change = useAction(async (member: Member, role: string) => {
    await console.call(`${base}/members/${member.id}`, { method: 'PATCH', body: { role } });
    reload();
    refresh();
  });
  const remove = async () => {
    await console.call(`${base}/members/${removing?.id}`, { method: 'DELETE' });
    reload();
  };
  const steward = managesMembers(membership.role);
  if (error && !members) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!members) {
    return <LoadingRows rows={3} />;
  }
  const columns = [nameColumn(session.operator.id), ...(steward ? controls(change.run, setRemoving) : [roleColumn])];
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
        <DataTable label="Members" columns={columns} rows={members} rowKey={(m) => m.id} busy={loading} />
      </Panel>
      <Modal opened={inviting} onClose={invite.close} title="Invite somebody">
        <InviteForm base={base} onClose={invite.close} />
      </Modal>
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
        <Text fw={550} truncate>
          {nameOf(m)}
          {m.id === operatorID && (
            <Text component="span" c="dimmed" fw={400}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {m.email}
        </Text>
      </>
    ),
  };
}

const roleColumn: Column<Member> = { id: 'role', header: 'Role', width: '42%', cell: (m) => roleLabel(m.role) };

/** Role and removal, for those who may change them. */
function controls(change: (member: Member, role: string) => unknown, remove: (member: Member) => void): Column<Member>[] {
  return [
    {
      ...roleColumn,
      cell: (m) => (
        <NativeSelect
          aria-label={`Role of ${nameOf(m)}`}
          size="xs"
          maw={260}
          value={m.role}
          data={roles}
          onChange={(e) => void change(m, e.currentTarget.value)}
        />
      ),
    },
    {
      id: 'remove',
      header: '',
      width: '64px',
      align: 'right',
      cell: (m) => (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${nameOf(m)}`} onClick={() => remove(m)}>
          <IconTrash size={16} />
        </ActionIcon>
      ),
    },
  ];
}

function InviteForm({ base, onClose }: { base: string; onClose: () => void }) {
  const { console } = useSession();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('viewer_config');
  const [link, setLink] = useState('');
  const invite = useAction(async () => {
    const made = await console.call<{ link: string }>(`${base}/invitations`, { method: 'POST', body: { email, role } });
    setLink(made.link);
  });
  if (link) {
    return (
      <Stack gap="md">
        <Text>Send this link to {email}. It can be used once, and is not shown again.</Text>
        <CopyField label="Invitation" value={link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void invite.run();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Email"
          type="email"
          value={email}
          onChange={(e) => setEmail(e.currentTarget.value)}
          required
          withAsterisk={false}
          data-autofocus
        />
        <NativeSelect label="Role" value={role} data={roles} onChange={(e) => setRole(e.currentTarget.value)} />
        <ActionError error={invite.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.busy} disabled={!email.includes('@')}>
            Make the link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
