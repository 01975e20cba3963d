import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Action, useAction } from '../api/hooks';
import { ActionError } from './actionerror';
import classes from './confirm.module.css';
import { plain } from './plain';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: React.ReactNode;
  /** What the button does, as a verb. */
  verb: string;
  /** A name that has to be typed, for what cannot be had back: see asked. */
  phrase?: string;
  act: () => Promise<unknown>;
}

/** Asks before something is destroyed, does it, and shows why it failed: it stays until that is known. */
export function ConfirmDelete({ onClose, ...props }: ConfirmProps) {
  const action = useAction(props.act);
  const close = () => {
    if (!action.busy) {
      action.clear();
      onClose();
    }
  };
  const run = async () => {
    if (await action.run()) {
      onClose();
    }
  };
  return (
    <Modal opened={props.opened} onClose={close} title={props.title}>
      <ConfirmForm {...props} action={action} run={() => void run()} onClose={close} />
    </Modal>
  );
}

/** Of a longer name only the beginning has to be typed. */
const longest = 80;
const beginning = 40;

/** What has to be typed, so that everybody can: a part of a name that is long, the verb where a name shows nothing. */
function asked(name: string, verb: string): { text: string; of?: string } {
  const text = plain(name);
  if (text === '') {
    return { text: verb };
  }
  const characters = [...text];
  return characters.length > longest ? { text: characters.slice(0, beginning).join('').trim(), of: ', how its name begins,' } : { text };
}

interface FormProps extends Pick<ConfirmProps, 'onClose' | 'children' | 'verb' | 'phrase'> {
  action: Action<[]>;
  run: () => void;
}

function ConfirmForm({ onClose, children, verb, phrase, action, run }: FormProps) {
  const wanted = phrase === undefined ? undefined : asked(phrase, verb);
  const [typed, setTyped] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <Stack gap="md">
        <Text component="div" className={classes.text}>
          {children}
        </Text>
        {wanted && (
          <TextInput
            label={
              <>
                Type <Code className={classes.phrase}>{wanted.text}</Code>
                {wanted.of} to confirm
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
          <Button variant="default" onClick={onClose} disabled={action.busy} data-autofocus={!wanted || undefined}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={action.busy} disabled={wanted && plain(typed) !== wanted.text}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
