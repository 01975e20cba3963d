import { notifications } from '@mantine/notifications';
import { useResource } from '../api/hooks';
import { useCreation } from '../forms/creation';
import { CreationForm } from '../forms/creationform';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { ErrorState, LoadingRows, NoPermission } from '../ui/states';
import { ACLFields } from './fields';
import { blank, bodyOf, places } from './form';
import type { NetworkACL } from './types';

/** A new network ACL. */
export default function CreateNetworkACL() {
  const { href } = useTenant();
  const mayCreate = useCan('create:network_acls');
  return (
    <>
      <PageHeader
        title="Create a rule"
        back={{ href: href('/network-acls'), label: 'Network ACLs' }}
        help="operations.md#who-may-ask-and-how-often"
      >
        Try it with the action “Log only” first: then nobody is locked out, and the log shows whom it fits. Rules do not bind people in this
        dashboard.
      </PageHeader>
      {mayCreate ? <WithPriorities /> : <NoPermission scopes={['create:network_acls']} />}
    </>
  );
}

/** The first free priority is proposed. */
function WithPriorities() {
  const { data, error, reload } = useResource<NetworkACL[]>('network-acls?per_page=100');
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows />;
  }
  const taken = new Set(data.map((acl) => acl.priority));
  let free = 1;
  while (taken.has(free)) {
    free++;
  }
  return <CreateForm priority={free} />;
}

function CreateForm({ priority }: { priority: number }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const form = useCreation(
    blank(priority),
    (values) => api.post<NetworkACL>('network-acls', bodyOf(values)),
    (acl) => {
      notifications.show({ color: 'green', message: `${acl.description} is created${acl.active ? '.' : ', and not active yet.'}` });
      return router.go(href(`/network-acls/${acl.id}`), true);
    },
    { unique: 'priority', places },
  );
  return (
    <CreationForm form={form} cancel={href('/network-acls')}>
      <ACLFields edit={form} />
    </CreationForm>
  );
}
