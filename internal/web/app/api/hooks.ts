import { useCallback, useEffect, useRef, useState } from 'react';
import { useTenant } from '../shell/tenant';
import { ApiError, messageOf } from './errors';

export interface Resource<T> {
  /** Absent until it was read once. While it is read again, the last one stays. */
  data?: T;
  error?: ApiError;
  loading: boolean;
  reload: () => void;
  /** Puts what a write has answered in place of what was read. */
  set: (data: T) => void;
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('server', messageOf(error));
}

/**
 * Reads a path of the tenant's Management API and keeps it. null = nothing to read yet. What was read before is shown at once while
 * it is read again.
 */
export function useResource<T>(path: string | null): Resource<T> {
  const { api } = useTenant();
  const load = useCallback((signal: AbortSignal) => (path === null ? undefined : api.get<T>(path, signal)), [api, path]);
  return useLoad(load, path === null ? undefined : { recall: () => api.remembered<T>(path), keep: (data) => api.remember(path, data) });
}

interface Memory<T> {
  recall: () => T | undefined;
  keep: (data: T) => void;
}

/** Runs load when it changes and on reload; a result that comes too late is dropped. load must be stable. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T> | undefined, memory?: Memory<T>): Resource<T> {
  const [state, setState] = useState<{ of?: unknown; data?: T; error?: ApiError; loading: boolean }>({ loading: true });
  const [round, setRound] = useState(0);
  const latest = useRef(memory);
  latest.current = memory;

  // biome-ignore lint/correctness/useExhaustiveDependencies: round asks for another run
  useEffect(() => {
    const abort = new AbortController();
    const pending = load(abort.signal);
    if (!pending) {
      setState({ of: load, loading: false });
      return;
    }
    setState((old) => ({ of: load, data: old.of === load ? old.data : latest.current?.recall(), loading: true }));
    pending.then(
      (data) => {
        if (!abort.signal.aborted) {
          latest.current?.keep(data);
          setState({ of: load, data, loading: false });
        }
      },
      (error: unknown) => {
        if (!abort.signal.aborted) {
          setState((old) => ({ of: load, data: old.data, error: asApiError(error), loading: false }));
        }
      },
    );
    return () => abort.abort();
  }, [load, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const set = useCallback(
    (data: T) => {
      latest.current?.keep(data);
      setState({ of: load, data, loading: false });
    },
    [load],
  );
  const fresh = state.of === load; // else: the first render after a change, before the effect
  return {
    data: fresh ? state.data : memory?.recall(),
    error: fresh ? state.error : undefined,
    loading: fresh ? state.loading : true,
    reload,
    set,
  };
}

export interface Action<A extends unknown[]> {
  /** Resolves to whether it succeeded; a failure is in `error`. */
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error?: ApiError;
  clear: () => void;
}

/**
 * Something the user starts: one run at a time, its failure kept to be shown beside what started it. Its button is disabled meanwhile, and has
 * the focus again afterwards.
 */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; error?: ApiError }>({ busy: false });
  const running = useRef(false);
  const starter = useRef<Element>(null);
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!state.busy && document.activeElement === document.body && starter.current instanceof HTMLElement) {
      starter.current.focus({ preventScroll: true });
    }
  }, [state.busy]);

  const run = useCallback(async (...args: A) => {
    if (running.current) {
      return false;
    }
    running.current = true;
    starter.current = document.activeElement;
    setState({ busy: true });
    try {
      await latest.current(...args);
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, error: asApiError(error) });
      return false;
    } finally {
      running.current = false;
    }
  }, []);
  const clear = useCallback(() => setState((old) => ({ busy: old.busy })), []);
  return { ...state, run, clear };
}
