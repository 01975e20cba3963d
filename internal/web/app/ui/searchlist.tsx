import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback } from 'react';
import { useQuery } from '../router';
import { IconSearch } from './icons';
import { usePaged, useScan } from './list';
import { ListStates } from './listbody';
import { ListPager, NoRows } from './pager';
import { Panel, type PanelProps } from './panel';
import { EmptyState } from './states';

export interface SearchListProps<K extends string, T> extends Pick<PanelProps, 'title' | 'description'> {
  /** What the rows are: "Applications". */
  label: string;
  /** Where the list is read, and its key in the answer. */
  path: string;
  listKey: K;
  /** What a search looks through, in words and as texts. Must be a module's function, so that it never changes. */
  searched: string;
  texts: (row: T) => string[];
  /** In place of a list that has nothing at all. */
  empty: React.ReactNode;
  /** The height of a row, in pixels. Default: a table's. */
  height?: number;
  /** The rows, which are being read again where busy. */
  children: (rows: T[], busy: boolean) => React.ReactNode;
}

/** A long list by page, and a search through it by ?search=, which the API does not have. */
export function SearchList<K extends string, T>({ title, description, ...props }: SearchListProps<K, T>) {
  const { label, searched } = props;
  const [search, setSearch] = useQuery('search');
  const [text] = useDebouncedValue(search.trim().toLowerCase(), 200);
  return (
    <>
      <TextInput
        mb="md"
        maw={360}
        placeholder={`Search by ${searched}`}
        aria-label={`Search ${lower(label)}`}
        leftSection={<IconSearch size={15} />}
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <Panel flush title={title} description={description}>
        {text ? <Found {...props} text={text} /> : <All {...props} />}
      </Panel>
    </>
  );
}

/** A label within a sentence; APIs stay APIs. */
function lower(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.toLowerCase() : label;
}

const tableRow = 46;

function All<K extends string, T>({ path, listKey, empty, height = tableRow, children }: SearchListProps<K, T>) {
  const list = usePaged<K, T>(path, listKey);
  return (
    <>
      <ListStates list={list} count={list.rows.length} empty={<NoRows list={list} empty={empty} />} expected={8} height={height}>
        {children(list.rows, list.loading)}
      </ListStates>
      <ListPager list={list} inset />
    </>
  );
}

function Found<K extends string, T>(props: SearchListProps<K, T> & { text: string }) {
  const { label, path, listKey, searched, texts, text, height = tableRow, children } = props;
  const wanted = useCallback((row: T) => texts(row).some((t) => t.toLowerCase().includes(text)), [texts, text]);
  const scan = useScan<K, T>(path, listKey, wanted);
  const rows = scan.data?.rows ?? [];
  const empty = <EmptyState title={`No ${lower(label)} found`}>Searched by {searched}.</EmptyState>;
  return (
    <>
      <ListStates list={scan} count={rows.length} empty={empty} expected={3} height={height}>
        {children(rows, scan.loading)}
      </ListStates>
      {scan.data?.more && (
        <Group p="md" justify="space-between">
          <Text size="sm" c="dimmed">
            {scan.data.seen.toLocaleString('en')} {lower(label)} searched.
          </Text>
          <Button size="xs" variant="default" onClick={scan.further}>
            Search further
          </Button>
        </Group>
      )}
    </>
  );
}
