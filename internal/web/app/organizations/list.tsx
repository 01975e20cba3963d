import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Organization } from '../api/types';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { IconBuilding, IconPlus } from '../ui/icons';
import { SearchList } from '../ui/searchlist';
import { EmptyState } from '../ui/states';
import { type Column, DataTable } from '../ui/table';
import { CreateOrganization } from './create';

const columns: Column<Organization>[] = [
  { id: 'label', header: 'Organization', cell: (o) => o.display_name ?? o.name },
  {
    id: 'name',
    header: 'Name',
    width: '26%',
    wide: true,
    cell: (o) => (
      <Text size="sm" c="dimmed" truncate>
        {o.name}
      </Text>
    ),
  },
  { id: 'id', header: 'ID', width: '260px', wide: true, cell: (o) => <InlineId value={o.id} label="Copy the ID" /> },
];

function texts(o: Organization): string[] {
  return [o.name, o.display_name ?? '', o.id];
}

/** All organizations of the tenant. */
export default function Organizations() {
  const { href } = useTenant();
  const mayCreate = useCan('create:organizations');
  const [creating, create] = useDisclosure(false);
  const action = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={create.open}>
      Create organization
    </Button>
  );
  return (
    <>
      <PageHeader title="Organizations" help="dashboard.md#organizations" action={action}>
        Your customers. A token can be for one of them, so that an API knows whose data a machine may touch.
      </PageHeader>
      <SearchList<'organizations', Organization>
        label="Organizations"
        path="organizations"
        listKey="organizations"
        searched="name or ID"
        texts={texts}
        empty={
          <EmptyState icon={IconBuilding} title="No organizations yet" action={action}>
            Create one for each customer whose data your APIs keep apart. Without organizations, tokens are for nobody in particular.
          </EmptyState>
        }
      >
        {(rows, busy) => (
          <DataTable
            label="Organizations"
            columns={columns}
            rows={rows}
            rowKey={(o) => o.id}
            href={(o) => href(`/organizations/${o.id}`)}
            busy={busy}
          />
        )}
      </SearchList>
      <CreateOrganization opened={creating} onClose={create.close} />
    </>
  );
}
