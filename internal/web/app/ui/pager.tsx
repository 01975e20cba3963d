import { Button, Group, Text } from '@mantine/core';

interface PagerProps {
  /** From 0. */
  page: number;
  perPage: number;
  /** Absent where the list does not tell: then a full page has another behind it. */
  total?: number;
  /** How many rows this page has. */
  count: number;
  /** No page begins at this row or behind it. */
  limit?: number;
  onPage: (page: number) => void;
}

/** Leads through a list by page; nothing where one page holds all. */
export function Pager({ page, perPage, total, count, limit = Number.POSITIVE_INFINITY, onPage }: PagerProps) {
  const start = page * perPage;
  const more = (total === undefined ? count === perPage : start + count < total) && start + perPage < limit;
  if (page === 0 && !more) {
    return null;
  }
  const range = count > 0 ? `${(start + 1).toLocaleString('en')} to ${(start + count).toLocaleString('en')}` : 'None';
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed">
        {range}
        {total !== undefined && ` of ${total.toLocaleString('en')}`}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={page === 0} onClick={() => onPage(page - 1)}>
          Previous
        </Button>
        <Button variant="default" size="xs" disabled={!more} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </Group>
    </Group>
  );
}
