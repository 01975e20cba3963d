import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '../ui/icons';
import type { Form } from './fields';
import { worded } from './worded';

/** An object of texts as a form edits it: in order, and for a moment with a name that is empty or there twice. */
export type Pairs = [name: string, value: string][];

export function pairsOf(object: Record<string, string> | undefined): Pairs {
  return Object.entries(object ?? {});
}

/** The PATCH of an object that the API merges by name: what is gone is null. */
export function patchOfPairs(before: Record<string, string> | undefined, after: Pairs): Record<string, string | null> {
  const patch: Record<string, string | null> = {};
  for (const name of Object.keys(before ?? {})) {
    patch[name] = null;
  }
  for (const [name, value] of after) {
    if (name) {
      patch[name] = value;
    }
  }
  return patch;
}

/** The object of what was typed, for an API that replaces it as a whole. */
export function objectOfPairs(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs.filter(([name]) => name));
}

interface PairsFieldProps<V extends object> {
  edit: Form<V>;
  name: keyof V & string;
  /** The most that the API takes. */
  limit?: number;
  /** What one of them is. Default: pair. */
  noun?: string;
  /** What a name has to be. */
  rule?: string;
}

export function PairsField<V extends object>({ edit, name, limit = 10, noun = 'pair', rule }: PairsFieldProps<V>) {
  const pairs = edit.values[name] as Pairs;
  const set = (next: Pairs) => edit.set(name, next as V[typeof name]);
  const fault = worded(edit.fault(name), `A ${noun}`, rule);
  return (
    <Stack gap="xs">
      {pairs.map(([key, value], i) => (
        <Group key={i} gap="xs" wrap="nowrap">
          <TextInput
            flex={2}
            aria-label={`Name ${i + 1}`}
            placeholder="Name"
            maxLength={255}
            value={key}
            readOnly={edit.readOnly}
            error={pairs.findIndex(([other]) => other === key) !== i && 'This name is there twice.'}
            onChange={(e) => set(pairs.with(i, [e.currentTarget.value, value]))}
          />
          <TextInput
            flex={3}
            aria-label={`Value ${i + 1}`}
            placeholder="Value"
            maxLength={255}
            value={value}
            readOnly={edit.readOnly}
            onChange={(e) => set(pairs.with(i, [key, e.currentTarget.value]))}
          />
          {!edit.readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${key || `${noun} ${i + 1}`}`}
              onClick={() => set(pairs.toSpliced(i, 1))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {fault && (
        <Text size="xs" c="var(--writ-danger)" role="alert">
          {fault}
        </Text>
      )}
      {pairs.length === 0 && edit.readOnly && <Text c="dimmed">None.</Text>}
      {!edit.readOnly && pairs.length < limit && (
        <Button variant="default" size="xs" w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => set([...pairs, ['', '']])}>
          Add a {noun}
        </Button>
      )}
    </Stack>
  );
}
