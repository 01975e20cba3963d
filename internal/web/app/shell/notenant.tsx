import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { EmptyState } from '../ui/states';
import { CreateTenant } from './createtenant';
import { useSession } from './session';

/** For an operator without memberships. */
export function NoTenant() {
  const { session } = useSession();
  const [creating, create] = useDisclosure(false);
  if (!session.creates_tenants) {
    return (
      <EmptyState title="You are in no tenant">
        The tenants that you were in are gone. Ask the owner of another to invite you, or whoever runs this server.
      </EmptyState>
    );
  }
  return (
    <>
      <EmptyState title="You are in no tenant yet" action={<Button onClick={create.open}>Create a tenant</Button>}>
        A tenant holds applications, APIs, keys and a log of its own, under a domain of its own. Create one, or ask the owner of one to
        invite you.
      </EmptyState>
      <CreateTenant opened={creating} onClose={create.close} />
    </>
  );
}
