import { Alert, Badge, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type Resource, useResource } from '../api/hooks';
import { useEdit } from '../forms/edit';
import { SaveBar } from '../forms/savebar';
import type { ViewProps } from '../pages';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { IconAlertTriangle } from '../ui/icons';
import { DangerRow, Section } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { ACLFields } from './fields';
import { bodyOf, read, type Values } from './form';
import { keptOnly, type NetworkACL } from './types';

/** One network ACL. */
export default function ACL({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<NetworkACL>(`network-acls/${encodeURIComponent(params.id ?? '')}`);
  const { data: acl, error, reload } = resource;
  const back = { href: href('/network-acls'), label: 'Network ACLs' };
  if (!acl) {
    return (
      <>
        <PageHeader title={error ? 'Network ACL' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  const kept = keptOnly(acl);
  return (
    <>
      <PageHeader
        title={acl.description}
        mark={<Badge color={acl.active ? 'green' : 'gray'}>{acl.active ? 'Active' : 'Off'}</Badge>}
        back={back}
        help="operations.md#who-may-ask-and-how-often"
      >
        <InlineId value={acl.id} label="Copy the ID" />
      </PageHeader>
      {kept.length > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle />} mb="lg">
          writ keeps these and does not look at them: {kept.join(', ')}. Where one of them would decide, the rule does nothing.
        </Alert>
      )}
      <Settings resource={resource} acl={acl} />
    </>
  );
}

function Settings({ resource, acl }: { resource: Resource<NetworkACL>; acl: NetworkACL }) {
  const edit = useEdit<NetworkACL, Values>({
    resource,
    path: `network-acls/${acl.id}`,
    read,
    unique: 'priority',
    readOnly: !useCan('update:network_acls'),
    write: (changed, all) => bodyOf(all, changed),
  });
  return (
    <>
      <ACLFields edit={edit} />
      <DangerZone acl={acl} />
      <SaveBar edit={edit} />
    </>
  );
}

function DangerZone({ acl }: { acl: NetworkACL }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayDelete = useCan('delete:network_acls');
  const [asking, ask] = useDisclosure(false);
  if (!mayDelete) {
    return null;
  }
  const destroy = async () => {
    await api.delete(`network-acls/${acl.id}`);
    notifications.show({ message: `${acl.description} is deleted.` });
    await router.go(href('/network-acls'));
  };
  return (
    <Section title="Danger zone" danger>
      <DangerRow
        title="Delete this rule"
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Delete
          </Button>
        }
      >
        To stop it for a while, switch it off.
      </DangerRow>
      <ConfirmDelete opened={asking} onClose={ask.close} title="Delete the rule?" verb="Delete" act={destroy}>
        {acl.description} decides nothing any more. This cannot be undone.
      </ConfirmDelete>
    </Section>
  );
}
