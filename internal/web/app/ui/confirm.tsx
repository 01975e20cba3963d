import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import { ActionError } from './actionerror';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: React.ReactNode;
  /** What the button does, as a verb. */
  verb: string;
  /** Has to be typed, for what cannot be had back. */
  phrase?: string;
  act: () => Promise<unknown>;
}

/** Asks before something is destroyed, does it, and shows why it failed. */
export function ConfirmDelete(props: ConfirmProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <ConfirmForm {...props} />
    </Modal>
  );
}

function ConfirmForm({ onClose, children, verb, phrase, act }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const action = useAction(act);
  const run = async () => {
    if (await action.run()) {
      onClose();
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Stack gap="md">
        <Text component="div">{children}</Text>
        {phrase && (
          <TextInput
            label={
              <>
                Type <Code>{phrase}</Code> to confirm
              </>
            }
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        <ActionError error={action.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={action.busy} disabled={phrase !== undefined && typed !== phrase}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
