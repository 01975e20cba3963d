import { Select } from '@mantine/core';
import { withQuery } from '../api/tenant';
import type { Client } from '../api/types';
import { useScan } from '../ui/list';

const path = withQuery('clients', { is_global: false, fields: 'client_id,name' });

function all(): boolean {
  return true;
}

interface ClientSelectProps {
  label: string;
  description?: string;
  /** A client ID, or null. */
  value: string | null;
  onChange: (clientID: string | null) => void;
  error?: React.ReactNode;
  /** Has the cursor where a dialog opens. */
  first?: boolean;
}

/** Chooses an application among the first 2,000 by typing a part of its name or ID. */
export function ClientSelect({ first, ...props }: ClientSelectProps) {
  const { data, loading, error } = useScan<'clients', Client>(path, 'clients', all);
  return (
    <Select
      {...props}
      data-autofocus={first}
      error={props.error ?? error?.message}
      placeholder={loading ? 'Reading the applications …' : 'Choose an application'}
      searchable
      limit={50}
      data={(data?.rows ?? []).map((c) => ({ value: c.client_id, label: c.name }))}
      filter={({ options, search, limit }) => {
        const text = search.trim().toLowerCase();
        const found = options.filter((o) => 'value' in o && `${o.label} ${o.value}`.toLowerCase().includes(text));
        return found.slice(0, limit);
      }}
      nothingFoundMessage="No application of this name"
    />
  );
}
