import { useEffect } from 'react';
import { guide, type Page, pages, type ViewProps } from '../pages';
import { matchPath, useRouter } from '../router';
import { opensWithGuide, useProgress } from '../started/progress';
import { ErrorBoundary } from '../ui/boundary';
import type { Part } from '../ui/part';
import { EmptyState, LoadingRows, NoPermission } from '../ui/states';
import { useTenant } from './tenant';

interface Found extends ViewProps {
  page: Page;
  view: Part<ViewProps>;
}

/** The view of a tenant's path, by the table of pages. */
function viewOf(path: string): Found | undefined {
  for (const page of pages) {
    for (const { pattern, view } of page.views) {
      const params = matchPath(page.path + pattern, path);
      if (params) {
        return { page, view, params };
      }
    }
  }
  return undefined;
}

/** Loads what an address shows while it is not known yet who is there: a page is of use earlier by the time that its files take. */
export function loadAhead({ pathname }: Location) {
  const path = /^\/manage\/t\/[^/]+(\/.*)$/.exec(pathname)?.[1];
  const found = path ? viewOf(path) : undefined;
  found?.view.load().catch(() => {}); // what shows it says so
}

/** Shows it, if the role may see it. */
export function TenantPages({ path }: { path: string }) {
  const { api } = useTenant();
  if (path === '' || path === '/') {
    return <FirstPage />;
  }
  const found = viewOf(path);
  if (!found) {
    return <EmptyState title="There is no such page">Choose one in the menu.</EmptyState>;
  }
  const { page, view: View, params } = found;
  return api.can(...page.scopes) ? (
    <ErrorBoundary key={path}>
      <View params={params} loading={<LoadingRows />} />
    </ErrorBoundary>
  ) : (
    <NoPermission scopes={page.scopes} />
  );
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
