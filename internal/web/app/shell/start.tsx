import { useEffect } from 'react';
import type { Membership } from '../api/types';
import { matchPath, useAddress, useRouter } from '../router';
import { part } from '../ui/part';
import { EmptyState, LoadingRows, Splash } from '../ui/states';
import { NoTenant } from './notenant';
import { useSession } from './session';
import { Shell } from './shell';
import { rememberedTenant, TenantProvider, tenantHref } from './tenant';
import { TenantPages } from './views';

const Account = part(() => import('../account/account'));

/** Chooses by the address: a tenant's pages, the operator's account, or the tenant to open first. */
export function Start() {
  const { session } = useSession();
  const { pathname } = useAddress();
  const last = useLastTenant();
  const name = /^\/manage\/t\/([^/]+)/.exec(pathname)?.[1];
  if (name !== undefined) {
    const membership = session.memberships.find((m) => m.tenant === name);
    if (!membership) {
      return (
        <Shell>
          <EmptyState title="There is no such tenant among yours">
            {name} does not exist, or you are no member of it. Choose another in the menu.
          </EmptyState>
        </Shell>
      );
    }
    return (
      <TenantProvider key={name} membership={membership}>
        <Shell membership={membership}>
          <TenantPages path={pathname.slice(tenantHref(name).length)} />
        </Shell>
      </TenantProvider>
    );
  }
  if (matchPath('/manage/account', pathname)) {
    return (
      <Shell membership={last}>
        <Account loading={<LoadingRows />} />
      </Shell>
    );
  }
  return pathname === '/manage/' || pathname === '/manage' ? (
    <FirstTenant />
  ) : (
    <Shell membership={last}>
      <EmptyState title="There is no such page">Choose one in the menu.</EmptyState>
    </Shell>
  );
}

/** The tenant that was shown last, or the first. */
function useLastTenant(): Membership | undefined {
  const { session } = useSession();
  const last = rememberedTenant();
  return session.memberships.find((m) => m.tenant === last) ?? session.memberships[0];
}

/** Opens it. */
function FirstTenant() {
  const router = useRouter();
  const target = useLastTenant();
  const to = target && tenantHref(target.tenant);
  useEffect(() => {
    if (to) {
      void router.go(to, true);
    }
  }, [router, to]);
  return to ? (
    <Splash />
  ) : (
    <Shell>
      <NoTenant />
    </Shell>
  );
}
