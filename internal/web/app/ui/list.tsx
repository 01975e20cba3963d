import { useCallback, useState } from 'react';
import { type Resource, useLoad, useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { Positioned, Totals } from '../api/types';
import { useQuery } from '../router';
import { useTenant } from '../shell/tenant';

export const perPage = 25;

/** No list has as many pages; a larger number is one that the API does not read. */
const mostPages = 1_000_000;

/** The number of a page, from 0, as an address has it. What is no such number is the first one. */
export function pageNumber(text: string, most = mostPages): number {
  return /^\d+$/.test(text) ? Math.min(Number(text), most) : 0;
}

/** One page of a list, by ?page= in the address; the second list of a view needs a parameter of its own. */
export function usePaged<K extends string, T>(path: string, key: K, parameter = 'page') {
  const [page, setPage] = useQuery(parameter, '0');
  const number = pageNumber(page);
  const resource = useResource<Totals<K, T>>(withQuery(path, { page: number, per_page: perPage, include_totals: true }));
  const rows: T[] = resource.data?.[key] ?? [];
  return { ...resource, rows, total: resource.data?.total, page: number, setPage: (n: number) => setPage(String(n)) };
}

/** All of a list that is read by position, and that the API bounds to a few hundred. */
export function useAll<K extends string, T>(path: string, key: K): Resource<T[]> {
  const { api } = useTenant();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const rows: T[] = [];
      for (let from: string | undefined; ; ) {
        const answer = await api.get<Positioned<K, T>>(withQuery(path, { take: scanPage, from }), signal);
        const found: T[] = answer[key];
        rows.push(...found);
        from = answer.next;
        if (!from) {
          return rows;
        }
      }
    },
    [api, path, key],
  );
  return useLoad(load);
}

/** How many objects one search looks at before it asks whether to go on, and how many a request brings. */
const scanLimit = 2000;
const scanPage = 100;

export interface Found<T> {
  rows: T[];
  /** How many were looked at. */
  seen: number;
  /** There are more that were not looked at. */
  more: boolean;
}

/**
 * Looks for objects by a text, which the API cannot: reads the list page by page and keeps what matches. null = no search.
 * The list is read by page number, as all lists can.
 */
export function useScan<K extends string, T>(
  path: string,
  key: K,
  wanted: ((row: T) => boolean) | null,
): Resource<Found<T>> & { further: () => void } {
  const { api } = useTenant();
  const [limit, setLimit] = useState(scanLimit);
  const load = useCallback(
    (signal: AbortSignal) => {
      if (!wanted) {
        return undefined;
      }
      const scan = async (): Promise<Found<T>> => {
        const found: Found<T> = { rows: [], seen: 0, more: true };
        for (let page = 0; found.more && found.seen < limit; page++) {
          const answer = await api.get<Totals<K, T>>(withQuery(path, { page, per_page: scanPage, include_totals: true }), signal);
          const rows: T[] = answer[key];
          found.rows.push(...rows.filter(wanted));
          found.seen += rows.length;
          found.more = rows.length > 0 && found.seen < answer.total;
        }
        return found;
      };
      return scan();
    },
    [api, path, key, wanted, limit],
  );
  return { ...useLoad(load), further: () => setLimit((n) => n + scanLimit) };
}
