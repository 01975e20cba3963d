import { Burger, Drawer, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { openSpotlight } from '@mantine/spotlight';
import { Fragment, useEffect } from 'react';
import type { Membership } from '../api/types';
import { type Page, pages } from '../pages';
import { Link, useAddress } from '../router';
import { IconSearch } from '../ui/icons';
import { Search } from './search';
import classes from './shell.module.css';
import { TenantSwitcher } from './switcher';
import { tenantHref } from './tenant';
import { UserMenu } from './user';

interface ShellProps {
  /** Absent outside a tenant: the account, or no membership at all. */
  membership?: Membership;
  children: React.ReactNode;
}

/** The frame of every page: the sidebar, or a bar with a drawer on narrow screens. */
export function Shell({ membership, children }: ShellProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useAddress();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the drawer
  useEffect(close, [pathname]);

  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <header className={classes.bar}>
        <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
        <Wordmark />
      </header>
      <aside className={classes.side}>
        <Sidebar membership={membership} />
      </aside>
      <Drawer opened={opened} onClose={close} size={272} withCloseButton={false} padding={0} hiddenFrom="md" title={null}>
        <div className={classes.drawer}>
          <Sidebar membership={membership} />
        </div>
      </Drawer>
      <main id="main" className={classes.main} tabIndex={-1}>
        <div className={classes.page}>{children}</div>
      </main>
      <Search />
    </div>
  );
}

function Wordmark() {
  return (
    <Link href="/manage/" className={classes.wordmark} aria-label="writ, start page">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0f5c4d" />
        <path
          d="M6.5 10.5l4.4 12 5.1-11 5.1 11 4.4-12"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      writ
    </Link>
  );
}

function Sidebar({ membership }: { membership?: Membership }) {
  return (
    <div className={classes.sidebar}>
      <Wordmark />
      <TenantSwitcher current={membership} />
      <UnstyledButton className={classes.search} onClick={openSpotlight}>
        <IconSearch size={15} />
        <span>Search</span>
        <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <nav className={classes.nav} aria-label="Pages">
        {membership &&
          pages.map((page, i) => (
            <Fragment key={page.path}>
              {page.group && page.group !== pages[i - 1]?.group && <span className={classes.group}>{page.group}</span>}
              <NavItem page={page} tenant={membership.tenant} />
            </Fragment>
          ))}
      </nav>
      <UserMenu />
    </div>
  );
}

function NavItem({ page, tenant }: { page: Page; tenant: string }) {
  const { pathname } = useAddress();
  const href = tenantHref(tenant, page.path);
  const active = pathname === href || pathname.startsWith(`${href}/`);
  return (
    <Link href={href} className={classes.item} aria-current={active ? 'page' : undefined}>
      <page.icon size={17} />
      {page.label}
    </Link>
  );
}
