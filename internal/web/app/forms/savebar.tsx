import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { ActionError } from '../ui/actionerror';
import { IconUsers } from '../ui/icons';
import type { Edit, EditConflict } from './edit';
import classes from './savebar.module.css';

/** Stands at the bottom of the window while there is something to save. It takes room of its own only then, at the end of the form. */
export function SaveBar<V extends object>({ edit }: { edit: Edit<V> }) {
  if (!edit.dirty && !edit.error && !edit.conflict) {
    return null;
  }
  return (
    <section className={classes.bar} aria-label="Unsaved changes">
      {edit.conflict && <ConflictAlert conflict={edit.conflict} />}
      <ActionError error={edit.error} />
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed">
          Unsaved changes
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={edit.discard} disabled={edit.busy}>
            Discard
          </Button>
          <Button onClick={edit.save} loading={edit.busy} disabled={!edit.dirty}>
            Save changes
          </Button>
        </Group>
      </Group>
    </section>
  );
}

function ConflictAlert<V>({ conflict }: { conflict: EditConflict<V> }) {
  return (
    <Alert color="yellow" icon={<IconUsers />} title="Somebody else has changed this meanwhile" role="alert">
      {conflict.fields.map((field) => (
        <Text key={field.name} size="sm">
          <Code>{field.name}</Code> is now <Code>{shown(field.theirs)}</Code>, yours is <Code>{shown(field.mine)}</Code>.
        </Text>
      ))}
      <Group gap="xs" mt="sm">
        <Button size="xs" onClick={conflict.keepMine}>
          Save mine
        </Button>
        <Button size="xs" variant="default" onClick={conflict.takeTheirs}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text || '(empty)';
}
