import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Scope } from '../api/types';
import { IconSearch } from './icons';
import classes from './scopes.module.css';

interface ScopePickerProps {
  scopes: Scope[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  readOnly?: boolean;
}

/** From this many on, the permissions can be searched. */
const many = 12;

/** Chooses among an API's permissions. What was granted and is on the API no more is shown, so that it can be taken away. */
export function ScopePicker({ scopes, chosen, onChange, readOnly }: ScopePickerProps) {
  const [search, setSearch] = useState('');
  const gone = chosen
    .filter((value) => !scopes.some((s) => s.value === value))
    .map((value) => ({ value, description: 'No longer on the API' }));
  const all: Scope[] = [...scopes, ...gone];
  const text = search.trim().toLowerCase();
  const shown = all.filter((s) => `${s.value} ${s.description ?? ''}`.toLowerCase().includes(text));

  if (all.length === 0) {
    return <Text c="dimmed">This API has no permissions. Tokens for it carry no scope.</Text>;
  }
  const toggle = (value: string, on: boolean) => onChange(on ? [...chosen, value] : chosen.filter((v) => v !== value));
  return (
    <div>
      <Group justify="space-between" mb="xs" gap="xs">
        <Text size="sm" c="dimmed">
          {chosen.length} of {all.length} permissions
        </Text>
        {!readOnly && (
          <Group gap={4}>
            <Button variant="subtle" size="compact-xs" onClick={() => onChange([...new Set([...chosen, ...shown.map((s) => s.value)])])}>
              All
            </Button>
            <Button variant="subtle" size="compact-xs" onClick={() => onChange(chosen.filter((v) => !shown.some((s) => s.value === v)))}>
              None
            </Button>
          </Group>
        )}
      </Group>
      {all.length >= many && (
        <TextInput
          mb="xs"
          placeholder="Filter permissions"
          aria-label="Filter permissions"
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
      <section className={classes.list} aria-label="Permissions" tabIndex={0}>
        {shown.map((s) => (
          <Checkbox
            key={s.value}
            size="xs"
            label={<code>{s.value}</code>}
            description={s.description}
            checked={chosen.includes(s.value)}
            disabled={readOnly}
            onChange={(e) => toggle(s.value, e.currentTarget.checked)}
          />
        ))}
        {shown.length === 0 && <Text c="dimmed">No permission has this in its name.</Text>}
      </section>
    </div>
  );
}
