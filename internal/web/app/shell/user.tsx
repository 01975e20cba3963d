import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { useAction } from '../api/hooks';
import { useRouter } from '../router';
import { IconBook, IconDeviceDesktop, IconLogout, IconMoon, IconSelector, IconSun, IconUser } from '../ui/icons';
import { useSession } from './session';
import classes from './user.module.css';

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;

/** Who is signed in; their account, the theme, the documentation, the way out. */
export function UserMenu() {
  const { session, console } = useSession();
  const router = useRouter();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useAction(async () => {
    await console.signOut();
    location.assign('/manage/signin?notice=signed-out');
  });
  const { operator } = session;

  return (
    <Menu width={236} position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <VisuallyHidden>Account: </VisuallyHidden>
          <span className={classes.avatar} aria-hidden="true">
            {(operator.name || operator.email).slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.names}>
            <span>{operator.name || operator.email}</span>
            <small>{operator.email}</small>
          </span>
          <IconSelector size={16} className={classes.arrows} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUser size={16} />} onClick={() => void router.go('/manage/account')}>
          Account and sessions
        </Menu.Item>
        <Menu.Item leftSection={<IconBook size={16} />} component="a" href={session.docs_url} target="_blank" rel="noreferrer">
          Documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          {schemes.map(({ value, label, icon: Shape }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Shape size={16} />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} disabled={signOut.busy} onClick={() => void signOut.run()}>
          Sign out
        </Menu.Item>
        <Menu.Label>writ {session.version}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
