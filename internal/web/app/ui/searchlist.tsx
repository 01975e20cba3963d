import { Box, Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback } from 'react';
import { useQuery } from '../router';
import { IconSearch } from './icons';
import { perPage, usePaged, useScan } from './list';
import { ListBody } from './listbody';
import { Pager } from './pager';
import { Panel } from './panel';
import { BeyondLast, EmptyState } from './states';
import type { Column } from './table';

interface SearchListProps<K extends string, T> {
  /** What the rows are: "Applications". */
  label: string;
  /** Where the list is read, and its key in the answer. */
  path: string;
  listKey: K;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  href: (row: T) => string;
  /** What a search looks through, in words and as texts. Must be a module's function, so that it never changes. */
  searched: string;
  texts: (row: T) => string[];
  /** In place of a list that has nothing at all. */
  empty: React.ReactNode;
}

/** A long list by page, and a search through it by ?search=, which the API does not have. */
export function SearchList<K extends string, T>(props: SearchListProps<K, T>) {
  const { label, searched } = props;
  const [search, setSearch] = useQuery('search');
  const [text] = useDebouncedValue(search.trim().toLowerCase(), 200);
  return (
    <>
      <TextInput
        mb="md"
        maw={360}
        placeholder={`Search by ${searched}`}
        aria-label={`Search ${label.toLowerCase()}`}
        leftSection={<IconSearch size={15} />}
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <Panel flush>{text ? <Found {...props} text={text} /> : <All {...props} />}</Panel>
    </>
  );
}

function All<K extends string, T>({ label, path, listKey, columns, rowKey, href, empty }: SearchListProps<K, T>) {
  const list = usePaged<K, T>(path, listKey);
  const { rows, total, page, setPage } = list;
  return (
    <>
      <ListBody
        list={list}
        label={label}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        href={href}
        empty={total === 0 ? empty : <BeyondLast />}
        expected={8}
      />
      <Box px="1.1rem" pb={total > perPage ? 'sm' : 0}>
        <Pager page={page} perPage={perPage} total={total} count={rows.length} onPage={setPage} />
      </Box>
    </>
  );
}

function Found<K extends string, T>({
  label,
  path,
  listKey,
  columns,
  rowKey,
  href,
  searched,
  texts,
  text,
}: SearchListProps<K, T> & { text: string }) {
  const wanted = useCallback((row: T) => texts(row).some((t) => t.toLowerCase().includes(text)), [texts, text]);
  const scan = useScan<K, T>(path, listKey, wanted);
  const empty = <EmptyState title={`No ${label.toLowerCase()} found`}>Searched by {searched}.</EmptyState>;
  return (
    <>
      <ListBody
        list={scan}
        label={label}
        columns={columns}
        rows={scan.data?.rows ?? []}
        rowKey={rowKey}
        href={href}
        empty={empty}
        expected={3}
      />
      {scan.data?.more && (
        <Group p="md" justify="space-between">
          <Text size="sm" c="dimmed">
            {scan.data.seen.toLocaleString('en')} {label.toLowerCase()} searched.
          </Text>
          <Button size="xs" variant="default" onClick={scan.further}>
            Search further
          </Button>
        </Group>
      )}
    </>
  );
}
