import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import type { ClientGrant, Organization, OrganizationUsage } from '../api/types';
import { useAPIs } from '../apis/byaudience';
import { ClientSelect } from '../applications/clientselect';
import { useGrants } from '../grants/grants';
import { usageOf, usages } from '../grants/organizations';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';

interface AddAccessProps {
  organization: Organization;
  onClose: () => void;
  onAdded: () => void;
}

/** Associates a client grant with the organization, and has the grant support organizations where it does not yet. */
export function AddAccess({ opened, ...props }: AddAccessProps & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title="Add access" size="lg">
      <ChooseClient {...props} />
    </Modal>
  );
}

function ChooseClient(props: AddAccessProps) {
  const [clientID, setClientID] = useState<string | null>(null);
  return (
    <Stack gap="md">
      <ClientSelect label="Application" value={clientID} onChange={setClientID} first />
      {clientID ? (
        <ChooseGrant key={clientID} {...props} clientID={clientID} />
      ) : (
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button disabled>Add access</Button>
        </Group>
      )}
    </Stack>
  );
}

function ChooseGrant({ organization, onClose, onAdded, clientID }: AddAccessProps & { clientID: string }) {
  const { href } = useTenant();
  const scan = useGrants({ client_id: clientID });
  const grants = scan.data?.rows ?? [];
  const names = useAPIs();
  const [grantID, setGrantID] = useState('');
  const grant = grants.find((g) => g.id === grantID) ?? grants[0];
  if (scan.error) {
    return <ActionError error={scan.error} />;
  }
  if (!scan.data) {
    return (
      <Text c="dimmed" role="status">
        Reading its grants …
      </Text>
    );
  }
  if (!grant) {
    return (
      <Text>
        This application is not authorized for any API yet. Authorize it in its{' '}
        <Link href={href(`/applications/${clientID}?tab=apis`)}>APIs tab</Link>, then add its access here.
      </Text>
    );
  }
  return (
    <>
      <NativeSelect
        label="API"
        description="Those that the application is authorized for."
        value={grant.id}
        onChange={(e) => setGrantID(e.currentTarget.value)}
        data={grants.map((g) => ({ value: g.id, label: names.get(g.audience)?.name ?? g.audience }))}
      />
      <Associate key={grant.id} organization={organization} grant={grant} onClose={onClose} onAdded={onAdded} />
    </>
  );
}

function Associate({ organization, grant, onClose, onAdded }: AddAccessProps & { grant: ClientGrant }) {
  const { api } = useTenant();
  const mayUpdate = useCan('update:client_grants');
  const present = usageOf(grant);
  const [usage, setUsage] = useState<OrganizationUsage>(present === 'deny' && mayUpdate ? 'allow' : present);
  const associate = useAction(async () => {
    if (usage !== present) {
      await api.patch(`client-grants/${grant.id}`, { organization_usage: usage });
    }
    await api.post(`organizations/${organization.id}/client-grants`, { grant_id: grant.id });
    notifications.show({ color: 'green', message: `Its tokens may be for ${organization.display_name ?? organization.name} now.` });
    onAdded();
    onClose();
  });
  const note =
    present === 'deny' && usage !== 'deny'
      ? 'The grant supports none so far; adding the access changes that.'
      : usage === 'deny'
        ? 'With None, the access has no effect.'
        : '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void associate.run();
      }}
    >
      <Stack gap="md">
        <NativeSelect
          label="Organization support"
          description={[usages.find((u) => u.value === usage)?.text, note].filter(Boolean).join(' ')}
          value={usage}
          onChange={(e) => setUsage(e.currentTarget.value as OrganizationUsage)}
          disabled={!mayUpdate}
          data={usages.map(({ value, label }) => ({ value, label }))}
        />
        <ActionError error={associate.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={associate.busy}>
            Add access
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
