import { Alert, Badge } from '@mantine/core';
import { type Resource, useResource } from '../api/hooks';
import { useEdit } from '../forms/edit';
import { SaveBar } from '../forms/savebar';
import type { ViewProps } from '../pages';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { PageHeader } from '../ui/header';
import { IconAlertTriangle } from '../ui/icons';
import { ErrorState, LoadingRows } from '../ui/states';
import { ACLFields } from './fields';
import { bodyOf, places, read, type Values } from './form';
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
          writ stores these and cannot check them: {kept.join(', ')}. Where one of them would decide, the rule does nothing.
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
    places,
    readOnly: !useCan('update:network_acls'),
    write: (changed, all) => bodyOf(all, changed),
  });
  return (
    <>
      <ACLFields edit={edit} />
      <DeleteZone
        scope="delete:network_acls"
        noun="rule"
        name={acl.description}
        path={`network-acls/${acl.id}`}
        list="/network-acls"
        note="To stop it for a while, switch it off."
      >
        {acl.description} decides nothing any more. This cannot be undone.
      </DeleteZone>
      <SaveBar edit={edit} />
    </>
  );
}
