import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import { useSession } from '../shell/session';
import { ActionError } from '../ui/actionerror';
import { Panel } from '../ui/panel';

/** Changes the operator's password. */
export function Password() {
  const { session, console } = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useAction(async () => {
    await console.call('password', { method: 'POST', body: { current, new: next } });
    setCurrent('');
    setNext('');
    notifications.show({ color: 'green', message: 'Your password is changed.' });
  });
  return (
    <Panel title="Password" description="A sentence of a few words is better than a short puzzle.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change.run();
        }}
      >
        <Stack gap="md" maw={420}>
          <input type="hidden" name="username" autoComplete="username" value={session.operator.email} readOnly />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            value={current}
            onChange={(e) => setCurrent(e.currentTarget.value)}
            error={change.error?.fields.current}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters. A new one ends your other sessions."
            autoComplete="new-password"
            value={next}
            onChange={(e) => setNext(e.currentTarget.value)}
            error={change.error?.fields.new}
          />
          <ActionError error={change.error} fields={['current', 'new']} />
          <Group>
            <Button type="submit" loading={change.busy} disabled={!current || !next}>
              Change
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
