import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useResource } from '../api/hooks';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconPlus, IconWorld } from '../ui/icons';
import { ListBody } from '../ui/listbody';
import { Panel } from '../ui/panel';
import { EmptyState } from '../ui/states';
import type { Column } from '../ui/table';
import { Ago } from '../ui/time';
import { CreateCustomDomain } from './create';
import { NotAnswered } from './notyet';
import { DomainStatus } from './status';
import { type CustomDomain, kindLabel } from './types';

const columns: Column<CustomDomain>[] = [
  {
    id: 'domain',
    header: 'Domain',
    cell: (d) => (
      <>
        {d.domain}{' '}
        {d.is_default && (
          <Badge size="xs" color="gray" ml={6}>
            Default
          </Badge>
        )}
      </>
    ),
    below: kindLabel,
  },
  {
    id: 'type',
    header: 'Certificate',
    width: '220px',
    wide: true,
    cell: (d) => (
      <Text size="sm" c="dimmed">
        {kindLabel(d)}
      </Text>
    ),
  },
  { id: 'created', header: 'Created', width: '130px', wide: true, cell: (d) => <Ago date={d.created_at} /> },
  { id: 'status', header: 'Status', width: '170px', cell: (d) => <DomainStatus domain={d} /> },
];

/** All custom domains of the tenant; the API has no more than 20. */
export default function CustomDomains() {
  const { href } = useTenant();
  const mayCreate = useCan('create:custom_domains');
  const [creating, create] = useDisclosure(false);
  const list = useResource<CustomDomain[]>('custom-domains');
  const action = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
      Add domain
    </Button>
  );
  return (
    <>
      <PageHeader title="Custom domains" help="dashboard.md#custom-domains" action={action}>
        Names of your own under which the tenant is to be reached.
      </PageHeader>
      <NotAnswered />
      <Panel flush>
        <ListBody
          list={list}
          label="Custom domains"
          columns={columns}
          rows={list.data ?? []}
          rowKey={(d) => d.custom_domain_id}
          href={(d) => href(`/custom-domains/${d.custom_domain_id}`)}
          expected={3}
          empty={
            <EmptyState icon={IconWorld} title="No custom domains yet" action={action}>
              Tokens of the tenant name its own domain as their issuer. A domain of yours makes you independent of that name.
            </EmptyState>
          }
        />
      </Panel>
      <CreateCustomDomain opened={creating} onClose={create.close} />
    </>
  );
}
