import { Menu, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Membership } from '../api/types';
import { useRouter } from '../router';
import { EnvironmentTag } from '../ui/environment';
import { IconCheck, IconPlus, IconSelector } from '../ui/icons';
import { CreateTenant } from './createtenant';
import { useSession } from './session';
import classes from './switcher.module.css';
import { tenantHref } from './tenant';

/** From this many on, the tenants can be searched. */
const many = 8;

/** Shows the tenant and its environment; opens the others, and makes new ones. */
export function TenantSwitcher({ current }: { current?: Membership }) {
  const { session } = useSession();
  const router = useRouter();
  const [creating, create] = useDisclosure(false);
  const [search, setSearch] = useState('');
  const shown = session.memberships.filter((m) => m.tenant.includes(search.trim().toLowerCase()));

  return (
    <>
      <Menu width={260} position="bottom-start" onClose={() => setSearch('')}>
        <Menu.Target>
          <UnstyledButton className={classes.current}>
            <VisuallyHidden>Tenant: </VisuallyHidden>
            <span className={classes.name}>{current?.tenant ?? 'Choose a tenant'}</span>
            {current && <EnvironmentTag environment={current.environment} />}
            <IconSelector size={16} className={classes.arrows} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {session.memberships.length > many && (
            <TextInput
              m={4}
              placeholder="Find a tenant"
              aria-label="Find a tenant"
              value={search}
              onChange={(e) => setSearch(e.currentTarget.value)}
            />
          )}
          <div className={classes.list}>
            {shown.map((m) => (
              <Menu.Item
                key={m.tenant}
                onClick={() => void router.go(tenantHref(m.tenant))}
                rightSection={<EnvironmentTag environment={m.environment} />}
                leftSection={m.tenant === current?.tenant ? <IconCheck size={15} /> : <span className={classes.space} />}
              >
                {m.tenant}
              </Menu.Item>
            ))}
            {shown.length === 0 && <Menu.Label>No tenant of this name</Menu.Label>}
          </div>
          {session.creates_tenants && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={15} />} onClick={create.open}>
                Create a tenant
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <CreateTenant opened={creating} onClose={create.close} />
    </>
  );
}
