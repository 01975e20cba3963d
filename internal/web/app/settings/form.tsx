import type { Resource } from '../api/hooks';
import { useResource } from '../api/hooks';
import type { Settings } from '../api/types';
import { ErrorState, LoadingRows } from '../ui/states';

export const settingsPath = 'tenants/settings';

/** Reads the tenant's settings and shows a form over them. */
export function WithSettings({ children }: { children: (resource: Resource<Settings>, settings: Settings) => React.ReactNode }) {
  const resource = useResource<Settings>(settingsPath);
  if (resource.error && !resource.data) {
    return <ErrorState error={resource.error} retry={resource.reload} />;
  }
  return resource.data ? children(resource, resource.data) : <LoadingRows />;
}
