import { useCreation } from '../forms/creation';
import { CreationDialog, CreationModal } from '../forms/creationdialog';
import { TextField } from '../forms/fields';
import { useRouter } from '../router';
import { useTenant } from '../shell/tenant';
import { ChoiceCards } from '../ui/choicecards';
import { type CustomDomain, kinds } from './types';

export function CreateCustomDomain({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <CreationModal opened={opened} onClose={onClose} title="Add a custom domain" size="lg">
      <CreateForm onClose={onClose} />
    </CreationModal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const form = useCreation(
    { domain: '', type: kinds[0].value as string },
    ({ domain, type }) => api.post<CustomDomain>('custom-domains', { domain: domain.trim(), type }),
    (made) => {
      onClose();
      return router.go(href(`/custom-domains/${made.custom_domain_id}`));
    },
    { unique: 'domain' },
  );
  const { domain, type } = form.values;
  return (
    <CreationDialog form={form} verb="Add" incomplete={domain.trim() === ''} onClose={onClose}>
      <TextField
        edit={form}
        name="domain"
        label="Domain"
        description="A host below a domain of yours. It cannot be changed later."
        placeholder="auth.example.com"
        rule="the name of a host, such as auth.example.com"
        code
        lower
        first
      />
      <ChoiceCards label="Certificate" choices={kinds} value={type} onChange={(v) => form.set('type', v)} />
    </CreationDialog>
  );
}
