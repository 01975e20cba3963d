import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { Resource } from '../api/hooks';
import type { Organization } from '../api/types';
import { useEdit } from '../forms/edit';
import { TextField } from '../forms/fields';
import { objectOfPairs, type Pairs, PairsField, pairsOf } from '../forms/pairs';
import { SaveBar } from '../forms/savebar';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { CopyField } from '../ui/copy';
import { DangerRow, Section } from '../ui/panel';

interface Values {
  name: string;
  display_name: string;
  metadata: Pairs;
}

function read(o: Organization): Values {
  return { name: o.name, display_name: o.display_name ?? '', metadata: pairsOf(o.metadata) };
}

/** As many as the API takes. */
const metadataLimit = 25;

interface OrganizationProps {
  resource: Resource<Organization>;
  organization: Organization;
}

export function OrganizationSettings({ resource, organization }: OrganizationProps) {
  const edit = useEdit<Organization, Values>({
    resource,
    path: `organizations/${organization.id}`,
    read,
    unique: 'name',
    readOnly: !useCan('update:organizations'),
    write: ({ metadata, ...changed }) => ({ ...changed, ...(metadata && { metadata: objectOfPairs(metadata) }) }),
  });
  return (
    <>
      <Section title="General">
        <TextField
          edit={edit}
          name="name"
          label="Name"
          description="Lower-case letters, digits, underscores and dashes. Programs may ask for tokens by it, and tokens may carry it as org_name."
          maxLength={50}
        />
        <TextField edit={edit} name="display_name" label="Display name" description="For people." maxLength={255} />
        <CopyField label="Organization ID" value={organization.id} description="The org_id of its tokens; cannot be changed." />
      </Section>
      <Section title="Metadata" description={`Up to ${metadataLimit} pairs that your own tools can read. They are not in tokens.`}>
        <PairsField edit={edit} name="metadata" limit={metadataLimit} />
      </Section>
      <DangerZone organization={organization} />
      <SaveBar edit={edit} />
    </>
  );
}

function DangerZone({ organization }: { organization: Organization }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayDelete = useCan('delete:organizations');
  const [asking, ask] = useDisclosure(false);
  const label = organization.display_name ?? organization.name;
  if (!mayDelete) {
    return null;
  }
  const destroy = async () => {
    await api.delete(`organizations/${organization.id}`);
    notifications.show({ message: `${label} is deleted.` });
    await router.go(href('/organizations'));
  };
  return (
    <Section title="Danger zone" danger>
      <DangerRow
        title="Delete this organization"
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Delete
          </Button>
        }
      >
        The access that applications have to it goes with it; their grants stay.
      </DangerRow>
      <ConfirmDelete
        opened={asking}
        onClose={ask.close}
        title="Delete the organization?"
        verb="Delete"
        phrase={organization.name}
        act={destroy}
      >
        No token is issued for {label} from this moment on, and no application turns to it by default any more. Tokens for it live on until
        they expire. This cannot be undone.
      </ConfirmDelete>
    </Section>
  );
}
