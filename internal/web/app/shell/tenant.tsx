import { createContext, useCallback, useContext, useEffect, useMemo } from 'react';
import { useLoad } from '../api/hooks';
import { TenantApi } from '../api/tenant';
import type { Membership } from '../api/types';
import { ErrorState, Splash } from '../ui/states';
import { useSession } from './session';

interface TenantContextValue {
  api: TenantApi;
  membership: Membership;
  /** The address of a page of this tenant: `/applications`. */
  href: (path: string) => string;
}

export const TenantContext = createContext<TenantContextValue | null>(null);

export function useTenant(): TenantContextValue {
  const value = useContext(TenantContext);
  if (!value) {
    throw new Error('no TenantProvider');
  }
  return value;
}

/** Whether the operator's role includes one of the scopes. */
export function useCan(...anyOf: string[]): boolean {
  return useTenant().api.can(...anyOf);
}

export function tenantHref(tenant: string, path = ''): string {
  return `/manage/t/${encodeURIComponent(tenant)}${path}`;
}

const lastTenant = 'writ-tenant';

/** The tenant that was last shown in this browser; empty if none. */
export function rememberedTenant(): string {
  try {
    return localStorage.getItem(lastTenant) ?? '';
  } catch {
    return '';
  }
}

/** Everything of one tenant: its API, opened before anything is shown, so that the page knows what the role allows. */
export function TenantProvider({ membership, children }: { membership: Membership; children: React.ReactNode }) {
  const { console } = useSession();
  const { tenant } = membership;
  const api = useMemo(() => new TenantApi(console, tenant), [console, tenant]);
  const load = useCallback(() => api.open().then(() => true), [api]);
  const { data: open, error, reload } = useLoad(load);

  useEffect(() => {
    try {
      localStorage.setItem(lastTenant, tenant);
    } catch {
      // Storage is off: the first tenant opens next time.
    }
  }, [tenant]);

  const value = useMemo(() => ({ api, membership, href: (path: string) => tenantHref(tenant, path) }), [api, membership, tenant]);
  if (error) {
    return <ErrorState error={error} retry={reload} />;
  }
  return open ? <TenantContext.Provider value={value}>{children}</TenantContext.Provider> : <Splash />;
}
