import { Popover, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRef, useState } from 'react';
import type { Membership } from '../api/types';
import { Link } from '../router';
import { EnvironmentTag } from '../ui/environment';
import { IconCheck, IconPlus, IconSelector } from '../ui/icons';
import { CreateTenant } from './createtenant';
import { useSession } from './session';
import classes from './switcher.module.css';
import { tenantHref } from './tenant';

/** From this many on, the tenants can be searched. */
const many = 8;

/** Shows the tenant and its environment; leads to the others, and makes new ones. */
export function TenantSwitcher({ current }: { current?: Membership }) {
  const { session } = useSession();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [creating, create] = useDisclosure(false);
  const target = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Popover width={260} position="bottom-start" radius="md" shadow="md" trapFocus returnFocus opened={opened} onDismiss={close}>
        <Popover.Target>
          <UnstyledButton ref={target} className={classes.current} onClick={toggle}>
            <VisuallyHidden>Tenant: </VisuallyHidden>
            <span className={classes.name}>{current?.tenant ?? 'Choose a tenant'}</span>
            {current && <EnvironmentTag environment={current.environment} />}
            <IconSelector size={16} className={classes.arrows} />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} onKeyDown={walk}>
          <Tenants current={current} close={close} />
          {session.creates_tenants && (
            <UnstyledButton
              className={classes.create}
              onClick={() => {
                close();
                target.current?.focus(); // what was clicked is gone by the time that the dialog gives the focus back
                create.open();
              }}
            >
              <IconPlus size={15} />
              Create a tenant
            </UnstyledButton>
          )}
        </Popover.Dropdown>
      </Popover>
      <CreateTenant opened={creating} onClose={create.close} />
    </>
  );
}

function Tenants({ current, close }: { current?: Membership; close: () => void }) {
  const { session } = useSession();
  const [search, setSearch] = useState('');
  const shown = session.memberships.filter((m) => m.tenant.includes(search.trim().toLowerCase()));
  return (
    <>
      {session.memberships.length > many && (
        <TextInput
          m={4}
          placeholder="Find a tenant"
          aria-label="Find a tenant"
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
      )}
      <nav className={classes.list} aria-label="Tenants">
        {shown.map((m) => (
          <Link
            key={m.tenant}
            href={tenantHref(m.tenant)}
            className={classes.item}
            aria-current={m.tenant === current?.tenant || undefined}
            onClick={close}
          >
            <span className={classes.mark}>{m.tenant === current?.tenant && <IconCheck size={15} />}</span>
            <span className={classes.name}>{m.tenant}</span>
            <EnvironmentTag environment={m.environment} />
          </Link>
        ))}
        {shown.length === 0 && <p className={classes.none}>No tenant of this name</p>}
      </nav>
    </>
  );
}

/** The arrows go from one to the next, as in a menu. */
function walk(event: React.KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) {
    return;
  }
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('input, a, button')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[(at + step + all.length) % all.length]?.focus();
}
