import { Select } from '@mantine/core';
import type { ResourceServer } from '../api/types';
import { useScan } from '../ui/list';
import { plain, short } from '../ui/plain';
import classes from './apiselect.module.css';

interface APISelectProps {
  label: string;
  description?: string;
  /** What stands there while none is chosen. */
  placeholder: string;
  value: ResourceServer | null;
  onChange: (api: ResourceServer | null) => void;
  disabled?: boolean;
  /** Whether one may be chosen. Default: each may. A module's function, so that it never changes. */
  wanted?: (api: ResourceServer) => boolean;
}

function all(): boolean {
  return true;
}

/** Chooses an API among the first 2,000 by typing a part of its name or identifier. Names need not be unique, so that both are shown. */
export function APISelect({ value, onChange, wanted = all, ...props }: APISelectProps) {
  const { data, error } = useScan<'resource_servers', ResourceServer>('resource-servers', 'resource_servers', wanted);
  const apis = data?.rows ?? [];
  const found = (id: string | null) => apis.find((a) => a.id === id) ?? null;
  return (
    <Select
      {...props}
      error={error?.message}
      searchable
      clearable
      limit={50}
      value={value?.id ?? null}
      onChange={(id) => onChange(found(id))}
      data={apis.map((a) => ({ value: a.id, label: labelOf(a) }))}
      renderOption={({ option }) => <Option api={found(option.value)} />}
      nothingFoundMessage="No API of this name or identifier"
    />
  );
}

function labelOf({ name, identifier }: ResourceServer): string {
  return name === undefined ? identifier : `${plain(name)} (${identifier})`;
}

function Option({ api }: { api: ResourceServer | null }) {
  return (
    api && (
      <span className={classes.option}>
        {api.name !== undefined && <span>{short(plain(api.name))}</span>}
        <code>{short(api.identifier, 120)}</code>
      </span>
    )
  );
}
