import { Suspense, useEffect } from 'react';
import { guide, pages } from '../pages';
import { matchPath, useRouter } from '../router';
import { opensWithGuide, useProgress } from '../started/progress';
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
  return <EmptyState title="There is no such page">Choose one in the menu.</EmptyState>;
}

/** A tenant opens with the first page that the role may see: the guide, while one of its steps is open. */
function FirstPage() {
  const { api, membership } = useTenant();
  const visible = pages.filter((page) => api.can(...page.scopes));
  const [first, second] = visible;
  if (!first) {
    return <NoPermission scopes={pages.flatMap((page) => page.scopes)} />;
  }
  if (first.path !== guide || !second) {
    return <Redirect path={first.path} />;
  }
  return opensWithGuide(membership.tenant) ? <GuideOr path={second.path} /> : <Redirect path={second.path} />;
}

/** The guide, or another page when all its steps are done. */
function GuideOr({ path }: { path: string }) {
  const { steps, done, error } = useProgress();
  if (!steps && !error) {
    return <LoadingRows />;
  }
  return <Redirect path={steps && done === steps.length ? path : guide} />;
}

function Redirect({ path }: { path: string }) {
  const { href } = useTenant();
  const router = useRouter();
  const to = href(path);
  useEffect(() => void router.go(to, true), [router, to]);
  return <LoadingRows />;
}
