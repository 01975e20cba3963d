import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useLoad } from '../api/hooks';
import { useCreation } from '../forms/creation';
import { CreationDialog } from '../forms/creationdialog';
import { useGuard } from '../forms/guard';
import { useSession } from '../shell/session';
import type { Question } from '../ui/ask';
import { ConfirmDelete } from '../ui/confirm';
import { CopyField } from '../ui/copy';
import { IconTrash } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ErrorState } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { Ago } from '../ui/time';
import { governs, roleLabel, roles } from './roles';

interface Invitation {
  id: string;
  email: string;
  role: string;
  created_at: string;
  expires_at: string;
}

/** Who was invited and has not come yet; nothing where there is nobody. */
export function Invitations({ base, role }: { base: string; role: string }) {
  const { console } = useSession();
  const load = useCallback((signal: AbortSignal) => console.call<Invitation[]>(`${base}/invitations`, { signal }), [console, base]);
  const { data, error, loading, reload } = useLoad(load);
  const [withdrawing, withdraw] = useState<Invitation | null>(null);
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data || data.length === 0) {
    return null;
  }
  const columns: Column<Invitation>[] = [
    { id: 'email', header: 'Email', cell: (i) => i.email },
    { id: 'role', header: 'Role', width: '32%', cell: (i) => roleLabel(i.role) },
    { id: 'since', header: 'Invited', width: '130px', wide: true, cell: (i) => <Ago date={i.created_at} /> },
    {
      id: 'withdraw',
      header: '',
      width: '64px',
      align: 'right',
      cell: (i) =>
        governs(role, i.role) && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Withdraw the invitation of ${i.email}`} onClick={() => withdraw(i)}>
            <IconTrash size={16} />
          </ActionIcon>
        ),
    },
  ];
  return (
    <Panel flush title="Open invitations" description="Each link can be used once, for seven days.">
      <DataTable label="Open invitations" columns={columns} rows={data} rowKey={(i) => i.id} busy={loading} />
      <ConfirmDelete
        opened={withdrawing !== null}
        onClose={() => withdraw(null)}
        title="Withdraw the invitation?"
        verb="Withdraw"
        act={async () => {
          await console.call(`${base}/invitations/${withdrawing?.id}`, { method: 'DELETE' });
          reload();
        }}
      >
        The link that {withdrawing?.email} has opens nothing any more.
      </ConfirmDelete>
    </Panel>
  );
}

interface InviteProps {
  base: string;
  /** Of who invites. */
  role: string;
  onClose: () => void;
  onMade: () => void;
}

const copied: Question = {
  title: 'Close it without the link?',
  text: 'It is not shown again. If you have not copied it, you would have to invite anew.',
  yes: 'Close',
  no: 'Stay',
};

/** Makes a link for somebody, which is shown once. */
export function InviteForm({ base, role: own, onClose, onMade }: InviteProps) {
  const { console } = useSession();
  const [link, setLink] = useState('');
  const form = useCreation(
    { email: '', role: 'viewer_config' },
    (values) => console.call<{ link: string }>(`${base}/invitations`, { method: 'POST', body: values }),
    (made) => {
      setLink(made.link);
      onMade();
    },
  );
  useGuard(link !== '', copied);
  const { email, role } = form.values;
  if (link) {
    return (
      <Stack gap="md">
        <Text>
          Send this link to {email}. It can be used once, within seven days, and is not shown again. An earlier one for this address is no
          good any more.
        </Text>
        <CopyField label="Invitation" value={link} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <CreationDialog form={form} verb="Make the link" incomplete={email.trim() === ''} onClose={onClose}>
      <TextInput
        label="Email"
        type="email"
        value={email}
        onChange={(e) => form.set('email', e.currentTarget.value)}
        error={form.fault('email')}
        required
        withAsterisk={false}
        data-autofocus
      />
      <NativeSelect
        label="Role"
        value={role}
        data={roles.filter((r) => governs(own, r.value))}
        onChange={(e) => form.set('role', e.currentTarget.value)}
      />
    </CreationDialog>
  );
}
