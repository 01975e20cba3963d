import { SearchList, type SearchListProps } from '../ui/searchlist';
import { ErrorState, LoadingRows } from '../ui/states';
import { GrantRow, type GrantRowProps } from './grantrow';
import classes from './grantrow.module.css';
import type { useGrants } from './grants';

interface GrantListProps<K extends string, T> extends Omit<SearchListProps<K, T>, 'children' | 'height'> {
  /** Those of this side, which is an application or an API. */
  grants: ReturnType<typeof useGrants>;
  /** A pair with the other side, whose client's id or identifier names its grant. */
  row: (row: T) => Omit<GrantRowProps, 'grant' | 'onChange'> & { other: string };
}

/** All applications beside one API, or all APIs beside one application, each with its toggle. */
export function GrantList<K extends string, T>({ grants: { grants, data, error, reload, put }, row, ...list }: GrantListProps<K, T>) {
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={4} height={60} />;
  }
  return (
    <SearchList<K, T> {...list} height={60}>
      {(rows) => (
        <ul className={classes.list} aria-label={list.label}>
          {rows.map(row).map(({ other, ...pair }) => (
            <GrantRow key={other} {...pair} grant={grants.get(other)} onChange={(grant) => put(other, grant)} />
          ))}
        </ul>
      )}
    </SearchList>
  );
}
