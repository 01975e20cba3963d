import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { IconUsers } from '../ui/icons';
import type { Collision, EditConflict } from './edit';

interface ConflictAlertProps<V> {
  conflict: EditConflict<V>;
  /** A property's two changes in words. Default: its two values. */
  describe?: (field: Collision<V>) => React.ReactNode;
}

/** What two people have changed, and whose is to be kept. Until that is said, nothing is sent. */
export function ConflictAlert<V>({ conflict, describe = values }: ConflictAlertProps<V>) {
  return (
    <Alert color="yellow" icon={<IconUsers />} title="Somebody else has changed this meanwhile" role="alert">
      {conflict.fields.map((field) => (
        <Text key={field.name} size="sm" component="div">
          {describe(field)}
        </Text>
      ))}
      <Group gap="xs" mt="sm">
        {conflict.keepBoth && (
          <Button size="xs" onClick={conflict.keepBoth}>
            Put both together
          </Button>
        )}
        <Button size="xs" variant={conflict.keepBoth && 'default'} onClick={conflict.keepMine}>
          Save mine
        </Button>
        <Button size="xs" variant="default" onClick={conflict.takeTheirs}>
          Take theirs
        </Button>
      </Group>
    </Alert>
  );
}

function values<V>({ name, mine, theirs }: Collision<V>): React.ReactNode {
  return (
    <>
      <Code>{name}</Code> is now <Code>{shown(theirs)}</Code>, yours is <Code>{shown(mine)}</Code>.
    </>
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text || '(empty)';
}
