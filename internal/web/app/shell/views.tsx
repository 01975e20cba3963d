import { Suspense, useEffect } from 'react';
import { pages } from '../pages';
import { matchPath, useRouter } from '../router';
import { ErrorBoundary } from '../ui/boundary';
import { EmptyState, LoadingRows, NoPermission } from '../ui/states';
import { useTenant } from './tenant';

/** The view of a tenant's path, by the table of pages. */
export function TenantPages({ path }: { path: string }) {
  const { api } = useTenant();
  if (path === '' || path === '/') {
    return <FirstPage />;
  }
  for (const page of pages) {
    for (const { pattern, view: View } of page.views) {
      const params = matchPath(page.path + pattern, path);
      if (params) {
        return api.can(...page.scopes) ? (
          <ErrorBoundary key={path}>
            <Suspense fallback={<LoadingRows />}>
              <View params={params} />
            </Suspense>
          </ErrorBoundary>
        ) : (
          <NoPermission scopes={page.scopes} />
        );
      }
    }
  }
  return <EmptyState title="There is no such page">Choose one in the menu on the left.</EmptyState>;
}

/** A tenant opens with the first page that the role may see. */
function FirstPage() {
  const { api, href } = useTenant();
  const router = useRouter();
  const first = pages.find((page) => api.can(...page.scopes));
  const to = first && href(first.path);
  useEffect(() => {
    if (to) {
      void router.go(to, true);
    }
  }, [router, to]);
  return to ? <LoadingRows /> : <NoPermission scopes={pages.flatMap((page) => page.scopes)} />;
}
