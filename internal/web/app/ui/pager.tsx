import { Button, Group, Text } from '@mantine/core';

interface PagerProps {
  /** From 0. */
  page: number;
  perPage: number;
  total: number;
  onPage: (page: number) => void;
}

/** Leads through a list by page; nothing where one page holds all. */
export function Pager({ page, perPage, total, onPage }: PagerProps) {
  if (total <= perPage && page === 0) {
    return null;
  }
  const from = page * perPage + 1;
  const to = Math.min(total, from + perPage - 1);
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed">
        {from <= to ? `${from.toLocaleString('en')} to ${to.toLocaleString('en')} of ${total.toLocaleString('en')}` : `None of ${total.toLocaleString('en')}`}
      </Text>
      <Group gap="xs">
        <Button variant="default" size="xs" disabled={page === 0} onClick={() => onPage(page - 1)}>
          Previous
        </Button>
        <Button variant="default" size="xs" disabled={to >= total} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </Group>
    </Group>
  );
}
