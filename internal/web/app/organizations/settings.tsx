import type { Resource } from '../api/hooks';
import type { Organization } from '../api/types';
import { useEdit } from '../forms/edit';
import { TextField } from '../forms/fields';
import { objectOfPairs, type Pairs, PairsField, pairsOf } from '../forms/pairs';
import { SaveBar } from '../forms/savebar';
import { useCan } from '../shell/tenant';
import { CopyField } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { Section } from '../ui/panel';
import { nameRule } from './create';

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
  const label = organization.display_name ?? organization.name;
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
          rule={nameRule}
          maxLength={50}
        />
        <TextField edit={edit} name="display_name" label="Display name" description="For people." maxLength={255} />
        <CopyField label="Organization ID" value={organization.id} description="The org_id of its tokens; cannot be changed." />
      </Section>
      <Section title="Metadata" description={`Up to ${metadataLimit} pairs that your own tools can read. They are not in tokens.`}>
        <PairsField edit={edit} name="metadata" limit={metadataLimit} />
      </Section>
      <DeleteZone
        scope="delete:organizations"
        noun="organization"
        name={label}
        path={`organizations/${organization.id}`}
        list="/organizations"
        phrase={organization.name}
        note="The access that applications have to it goes with it; their grants stay."
      >
        No token is issued for {label} from this moment on, and no application turns to it by default any more. Tokens for it live on until
        they expire. This cannot be undone.
      </DeleteZone>
      <SaveBar edit={edit} />
    </>
  );
}
