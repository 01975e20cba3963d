import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { EmptyState } from '../ui/states';
import { CreateTenant } from './createtenant';

/** For an operator without memberships. */
export function NoTenant() {
  const [creating, create] = useDisclosure(false);
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
