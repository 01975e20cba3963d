import { Button, Group, Text } from '@mantine/core';
import { perPage } from './list';
import { EmptyState } from './states';

interface PagerProps {
  /** From 0. */
  page: number;
  perPage: number;
  /** Absent where the list does not tell: then a full page has another behind it. */
  total?: number;
  /** How many rows this page has; absent while that is not known. */
  count?: number;
  /** No page begins at this row or behind it. */
  limit?: number;
  /** It stands within a panel, whose edge it keeps away from. */
  inset?: boolean;
  onPage: (page: number) => void;
}

/** The last page, from 0. */
function lastPage(total: number, perPage: number): number {
  return Math.max(0, Math.ceil(total / perPage) - 1);
}

/** Leads through a list by page; nothing where one page holds all. */
export function Pager({ page, perPage, total, count, limit = Number.POSITIVE_INFINITY, inset, onPage }: PagerProps) {
  const start = page * perPage;
  const more = count !== undefined && (total === undefined ? count === perPage : start + count < total) && start + perPage < limit;
  if (total === 0 || (page === 0 && !more)) {
    return null;
  }
  const previous = total === undefined ? page - 1 : Math.min(page - 1, lastPage(total, perPage));
  return (
    <Group justify="space-between" mt="sm" px={inset ? 'var(--writ-inset)' : undefined} pb={inset ? 'sm' : undefined}>
      <Text size="sm" c="dimmed">
        {count !== undefined && rangeOf(start, count)}
        {total !== undefined && ` of ${total.toLocaleString('en')}`}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={page === 0} onClick={() => onPage(previous)}>
          Previous
        </Button>
        <Button variant="default" size="xs" disabled={!more} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </Group>
    </Group>
  );
}

function rangeOf(start: number, count: number): string {
  return count > 0 ? `${(start + 1).toLocaleString('en')} to ${(start + count).toLocaleString('en')}` : 'None';
}

/** In place of a page behind the last one, which is no empty list: it leads back. */
export function BeyondLast({ total, perPage, onPage }: Pick<PagerProps, 'total' | 'perPage' | 'onPage'>) {
  const [label, page] = total === undefined ? ['To the first page', 0] : ['To the last page', lastPage(total, perPage)];
  const back = (
    <Button variant="default" onClick={() => onPage(Number(page))}>
      {label}
    </Button>
  );
  return (
    <EmptyState title="Nothing on this page" action={back}>
      The list does not reach this far.
    </EmptyState>
  );
}

/** What usePaged returns. */
interface Paged {
  page: number;
  total?: number;
  rows: unknown[];
  /** Absent while nothing was read. */
  data?: unknown;
  setPage: (page: number) => void;
}

/** The pager of a list that usePaged reads. */
export function ListPager({ list, inset }: { list: Paged; inset?: boolean }) {
  const { page, total, rows, data, setPage } = list;
  return <Pager page={page} perPage={perPage} total={total} count={data ? rows.length : undefined} inset={inset} onPage={setPage} />;
}

/** In place of a page of such a list that has no rows: what stands for an empty list, or the way back. */
export function NoRows({ list, empty }: { list: Paged; empty: React.ReactNode }) {
  return list.total ? <BeyondLast total={list.total} perPage={perPage} onPage={list.setPage} /> : empty;
}
