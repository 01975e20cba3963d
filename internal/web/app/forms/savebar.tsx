import { Button, Group, Text } from '@mantine/core';
import { ActionError } from '../ui/actionerror';
import { ConflictAlert } from './conflict';
import type { Edit } from './edit';
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
