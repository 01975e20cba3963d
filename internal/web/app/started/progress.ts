import { useCallback, useMemo } from 'react';
import { type Resource, useLoad } from '../api/hooks';
import { useSession } from '../shell/session';
import { useTenant } from '../shell/tenant';
import { readFacts } from './facts';
import { isDone, type Step, stepsOf } from './steps';

export interface Progress extends Omit<Resource<unknown>, 'data' | 'set'> {
  /** Absent until everything was read. */
  steps?: Step[];
  done: number;
}

/** The steps of the guide and how many are done. */
export function useProgress(): Progress {
  const { api, membership } = useTenant();
  const { console, session } = useSession();
  const { memberships } = session;
  const load = useCallback((signal: AbortSignal) => readFacts(api, console, memberships, signal), [api, console, memberships]);
  const { data, error, loading, reload } = useLoad(load);
  const steps = useMemo(() => data && stepsOf(data, membership), [data, membership]);
  return { steps, done: steps?.filter(isDone).length ?? 0, error, loading, reload };
}

const dismissals = 'writ-started-done';

/** Whether the tenant opens with the guide, as far as this browser is concerned. */
export function opensWithGuide(tenant: string): boolean {
  return !dismissed().includes(tenant);
}

export function setOpensWithGuide(tenant: string, opens: boolean) {
  const others = dismissed().filter((name) => name !== tenant);
  try {
    localStorage.setItem(dismissals, JSON.stringify(opens ? others : [...others, tenant]));
  } catch {
    // Storage is off: the tenant opens with the guide until its steps are done.
  }
}

function dismissed(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(dismissals) ?? '[]');
    return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
