import type { ApiError } from '../api/errors';
import { ErrorState, LoadingRows } from './states';
import { DataTable, type DataTableProps } from './table';

/** What rows were read with; useResource, usePaged and their like. */
interface Reading {
  data?: unknown;
  error?: ApiError;
  loading: boolean;
  reload: () => void;
}

interface ListStatesProps {
  list: Reading;
  /** How many rows there are to show. */
  count: number;
  /** In place of a list without rows. */
  empty: React.ReactNode;
  /** Rows to keep room for while they are read, and the height of one, in pixels. */
  expected: number;
  height: number;
  children: React.ReactNode;
}

/** A list in each of its states: being read, not to be had, empty, and there. */
export function ListStates({ list, count, empty, expected, height, children }: ListStatesProps) {
  if (list.error && list.data === undefined) {
    return <ErrorState error={list.error} retry={list.reload} />;
  }
  if (list.data === undefined) {
    return <LoadingRows rows={expected} height={height} />;
  }
  return count === 0 ? empty : children;
}

interface ListBodyProps<T> extends Omit<DataTableProps<T>, 'busy'> {
  list: Reading;
  empty: React.ReactNode;
  /** Default 6. */
  expected?: number;
}

/** ListStates of a table. */
export function ListBody<T>({ list, empty, expected = 6, ...table }: ListBodyProps<T>) {
  return (
    <ListStates list={list} count={table.rows.length} empty={empty} expected={expected} height={table.dense ? 37 : 46}>
      <DataTable {...table} busy={list.loading} />
    </ListStates>
  );
}
