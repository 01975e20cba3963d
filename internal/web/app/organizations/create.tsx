import type { Organization } from '../api/types';
import { useCreation } from '../forms/creation';
import { CreationDialog, CreationModal } from '../forms/creationdialog';
import { TextField } from '../forms/fields';
import { useRouter } from '../router';
import { useTenant } from '../shell/tenant';

/** What the API takes as the name of an organization. */
export const nameRule = 'lower-case letters, digits, underscores and dashes, beginning with a letter or a digit';

export function CreateOrganization({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <CreationModal opened={opened} onClose={onClose} title="Create an organization">
      <CreateForm onClose={onClose} />
    </CreationModal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const form = useCreation(
    { name: '', display_name: '' },
    ({ name, display_name }) => {
      const label = display_name.trim();
      return api.post<Organization>('organizations', { name, ...(label && { display_name: label }) });
    },
    (made) => {
      onClose();
      return router.go(href(`/organizations/${made.id}`));
    },
    { unique: 'name' },
  );
  return (
    <CreationDialog form={form} incomplete={form.values.name.trim() === ''} onClose={onClose}>
      <TextField
        edit={form}
        name="name"
        label="Name"
        description="Lower-case letters, digits, underscores and dashes; unique in the tenant. Token requests may name it."
        placeholder="acme"
        rule={nameRule}
        maxLength={50}
        code
        lower
        first
      />
      <TextField edit={form} name="display_name" label="Display name" description="For people; optional." placeholder="Acme Inc." />
    </CreationDialog>
  );
}
