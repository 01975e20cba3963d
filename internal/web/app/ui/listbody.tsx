import type { ApiError } from '../api/errors';
import { ErrorState, LoadingRows } from './states';
import { DataTable, type DataTableProps } from './table';

interface ListBodyProps<T> extends Omit<DataTableProps<T>, 'busy'> {
  /** What the rows were read with; useResource, usePaged and their like. */
  list: { data?: unknown; error?: ApiError; loading: boolean; reload: () => void };
  /** In place of a table without rows. */
  empty: React.ReactNode;
  /** Rows to keep room for while they are read. Default 6. */
  expected?: number;
}

/** A list in each of its states: being read, not to be had, empty, and a table. */
export function ListBody<T>({ list, empty, expected = 6, ...table }: ListBodyProps<T>) {
  if (list.error && list.data === undefined) {
    return <ErrorState error={list.error} retry={list.reload} />;
  }
  if (list.data === undefined) {
    return <LoadingRows rows={expected} height={table.dense ? 37 : 46} />;
  }
  if (table.rows.length === 0) {
    return empty;
  }
  return <DataTable {...table} busy={list.loading} />;
}
