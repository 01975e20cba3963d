import { ActionIcon, Code, Group, MultiSelect, NativeSelect, Popover, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAddress, useRouter, withParameters } from '../router';
import { IconHelp, IconRefresh, IconSearch } from '../ui/icons';
import classes from './events.module.css';
import { beginning, type Filter, ranges } from './query';
import { eventTypes } from './types';

/** The filters as the address has them: what was typed, codes of types, a named range or the two ends of one. */
interface Chosen {
  q: string;
  type: string;
  range: string;
  from: string;
  to: string;
}

export interface Filters {
  chosen: Chosen;
  /** The time begins after its end. */
  backwards: boolean;
  /** Another filter begins at the first page. */
  set: (name: keyof Chosen, value: string) => void;
  /** What they mean, a moment after the last key. */
  filter: Filter;
  /** "Last hour" counts from the moment the list was opened; this moves it to now. */
  renew: () => void;
}

export function useFilters(): Filters {
  const router = useRouter();
  const { searchParams } = useAddress();
  const [opened, setOpened] = useState(Date.now);
  const value = (name: keyof Chosen) => searchParams.get(name) ?? '';
  const chosen = { q: value('q'), type: value('type'), range: value('range'), from: value('from'), to: value('to') };
  const [text] = useDebouncedValue(chosen.q, 300);
  const custom = chosen.range === 'custom';
  const [from, to] = custom ? [iso(chosen.from), iso(chosen.to)] : [beginning(chosen.range, opened), ''];
  return {
    chosen,
    backwards: Date.parse(from) > Date.parse(to),
    set: (name, next) => void router.go(withParameters({ [name]: next, page: '' }), true),
    filter: {
      text,
      types: chosen.type ? chosen.type.split(',') : [],
      from,
      to,
    },
    renew: () => setOpened(Date.now()),
  };
}

/** A time as the browser's field has it, as the API wants it. */
function iso(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

interface FilterBarProps {
  filters: Filters;
  /** What the API says of the query. */
  fault?: string;
  busy: boolean;
  refresh: () => void;
}

export function FilterBar({ filters: { chosen, backwards, set }, fault, busy, refresh }: FilterBarProps) {
  return (
    <>
      <div className={classes.filters}>
        <TextInput
          className={classes.query}
          aria-label="Query"
          placeholder={'Query: client_name:"Timesheets" AND ip:192.0.2.7'}
          leftSection={<IconSearch size={15} />}
          rightSection={<QueryHelp />}
          value={chosen.q}
          onChange={(e) => set('q', e.currentTarget.value)}
          error={fault}
          spellCheck={false}
        />
        <MultiSelect
          className={classes.types}
          aria-label="Types of events"
          placeholder={chosen.type ? undefined : 'All events'}
          data={eventTypes.map((t) => ({ value: t.code, label: t.label }))}
          value={chosen.type ? chosen.type.split(',') : []}
          onChange={(v) => set('type', v.join(','))}
          clearable
        />
        <NativeSelect
          aria-label="Time"
          value={chosen.range}
          onChange={(e) => set('range', e.currentTarget.value)}
          data={ranges.map(({ value, label }) => ({ value, label }))}
        />
        <Tooltip label="Refresh">
          <ActionIcon variant="default" size={36} aria-label="Refresh" loading={busy} onClick={refresh}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      {chosen.range === 'custom' && (
        <Group gap="sm" align="flex-start">
          <TextInput type="datetime-local" label="From" value={chosen.from} onChange={(e) => set('from', e.currentTarget.value)} />
          <TextInput
            type="datetime-local"
            label="To"
            value={chosen.to}
            error={backwards && 'To is before From: no event can be within.'}
            onChange={(e) => set('to', e.currentTarget.value)}
          />
        </Group>
      )}
    </>
  );
}

const examples = [
  ['type:feccft', 'one type'],
  ['client_name:"Import Job"', 'words with a space in quotes'],
  ['type:feccft AND ip:192.0.2.7', 'both'],
  ['type:seccft OR type:feccft', 'either'],
  ['NOT type:sapi', 'all but'],
  ['client_name:Time*', 'beginning with'],
  ['date:[2026-11-01 TO *]', 'since a day'],
];

function QueryHelp() {
  return (
    <Popover position="bottom-end" width={380} shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="How to write a query">
          <IconHelp size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text fw={550} mb="xs">
          Queries
        </Text>
        {examples.map(([example, meaning]) => (
          <Text key={example} size="sm" mb={4}>
            <Code>{example}</Code> {meaning}
          </Text>
        ))}
        <Text size="sm" c="dimmed" mt="xs">
          Fields: type, client_id, client_name, description, ip, date, log_id, hostname, user_name, user_agent, organization_id. Upper and
          lower case count.
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
