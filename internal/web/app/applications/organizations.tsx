import { Text } from '@mantine/core';
import { type Resource, useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import type { Client, ClientGrant, Organization, Totals } from '../api/types';
import { useAPIs } from '../apis/byaudience';
import { useEdit } from '../forms/edit';
import { SelectField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useGrants } from '../grants/grants';
import { usageLabel, usageOf } from '../grants/organizations';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ListBody } from '../ui/listbody';
import { Panel, Section } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { plural } from '../ui/time';
import classes from './organizations.module.css';
import { clientPath } from './secret';

/** Which organizations the application may ask tokens for, and which one it means when it names none. */
export function ApplicationOrganizations({ resource, client }: { resource: Resource<Client>; client: Client }) {
  return (
    <>
      <Support client={client} />
      <DefaultOrganization resource={resource} client={client} />
    </>
  );
}

function Support({ client }: { client: Client }) {
  const { href } = useTenant();
  const list = useGrants({ client_id: client.client_id });
  const apis = useAPIs();
  const columns: Column<ClientGrant>[] = [
    { id: 'api', header: 'API', width: '34%', cell: (g) => apis.get(g.audience)?.name ?? g.audience },
    { id: 'usage', header: 'Organization support', width: '190px', wide: true, cell: usageLabel },
    { id: 'organizations', header: 'Organizations', cell: (g) => <OrganizationsOf grant={g} /> },
  ];
  return (
    <Panel
      flush
      title="Access by API"
      description="Whether a token may be for an organization is decided for each API, in the APIs tab; which ones, on the organization’s page."
    >
      <ListBody
        list={list}
        label="Access by API"
        columns={columns}
        rows={list.data?.rows ?? []}
        rowKey={(g) => g.id}
        expected={3}
        empty={
          <EmptyState title="Not authorized for any API yet">
            Authorize the application in its <Link href={href(`/applications/${client.client_id}?tab=apis`)}>APIs tab</Link> first.
          </EmptyState>
        }
      />
    </Panel>
  );
}

/** As many as are named in a line. */
const few = 5;

function OrganizationsOf({ grant }: { grant: ClientGrant }) {
  const { href } = useTenant();
  const off = usageOf(grant) === 'deny';
  const asks = !off && !grant.allow_any_organization;
  const path = withQuery(`client-grants/${grant.id}/organizations`, { per_page: few, include_totals: true });
  const { data, error } = useResource<Totals<'organizations', Organization>>(asks ? path : null);
  if (!asks) {
    return <Text c="dimmed">{off ? '–' : 'Any'}</Text>;
  }
  if (error) {
    return <Text c="var(--writ-danger)">{error.message}</Text>;
  }
  if (!data) {
    return null;
  }
  if (data.total === 0) {
    return <Text c="dimmed">None yet</Text>;
  }
  return (
    <span className={classes.names}>
      {data.organizations.map((o) => (
        <Link key={o.id} href={href(`/organizations/${o.id}?tab=access`)}>
          {o.display_name ?? o.name}
        </Link>
      ))}
      {data.total > few && <span>and {plural(data.total - few, 'other')}</span>}
    </span>
  );
}

interface Values {
  /** Stands for default_organization.organization_id; empty = none. */
  default_organization: string;
}

function read(client: Client): Values {
  return { default_organization: client.default_organization?.organization_id ?? '' };
}

function DefaultOrganization({ resource, client }: { resource: Resource<Client>; client: Client }) {
  const edit = useEdit<Client, Values>({
    resource,
    path: `clients/${client.client_id}`,
    reads: clientPath(client.client_id),
    read,
    readOnly: !useCan('update:clients'),
    write: ({ default_organization: id }) => ({
      default_organization: id ? { organization_id: id, flows: ['client_credentials'] } : null,
    }),
  });
  const { data } = useResource<Organization[]>('organizations?per_page=100');
  const choices = (data ?? []).map((o) => ({ value: o.id, label: o.display_name ?? o.name }));
  const present = edit.values.default_organization;
  if (present && !choices.some((c) => c.value === present)) {
    choices.unshift({ value: present, label: present });
  }
  return (
    <>
      <Section title="Default organization" description="For requests that name none, where the grant requires an organization.">
        <SelectField
          edit={edit}
          name="default_organization"
          label="Organization"
          data={[{ value: '', label: 'None: a request has to name its organization' }, ...choices]}
        />
      </Section>
      <SaveBar edit={edit} />
    </>
  );
}
