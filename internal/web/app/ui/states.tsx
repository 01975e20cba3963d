import { Button, Loader, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ApiError, Trouble } from '../api/errors';
import { type Icon, IconAlertTriangle, IconClock, IconFileText, IconLock, IconWifiOff } from './icons';
import classes from './states.module.css';

interface StateProps {
  icon: Icon;
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}

function State({ icon: Shape, title, children, action }: StateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>
        <Shape size={22} />
      </span>
      <Title order={2}>{title}</Title>
      {children && (
        <Text c="dimmed" maw={440} component="div">
          {children}
        </Text>
      )}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** What stands where a list has nothing to show: what it is for, and how to begin. */
export function EmptyState({ icon = IconFileText, ...props }: Omit<StateProps, 'icon'> & { icon?: Icon }) {
  return <State icon={icon} {...props} />;
}

const looks: Record<Trouble, { icon: Icon; title: string }> = {
  network: { icon: IconWifiOff, title: 'writ cannot be reached' },
  session: { icon: IconLock, title: 'Your session has ended' },
  forbidden: { icon: IconLock, title: 'Your role does not allow this' },
  missing: { icon: IconFileText, title: 'This does not exist' },
  conflict: { icon: IconAlertTriangle, title: 'Something else is in the way' },
  limited: { icon: IconClock, title: 'Too many requests' },
  invalid: { icon: IconAlertTriangle, title: 'The request was refused' },
  server: { icon: IconAlertTriangle, title: 'Something went wrong' },
  page: { icon: IconAlertTriangle, title: 'This page cannot be loaded' },
};

/**
 * A failed read, in place of what it would have shown, with a button that reads again, but of what does not exist. After a 429 the button
 * waits as long as the server asks.
 */
export function ErrorState({ error, retry }: { error: ApiError; retry: () => void }) {
  const wait = useCountdown(error);
  const { icon, title } = looks[error.trouble];
  const network = error.trouble === 'network';
  return (
    <State
      icon={icon}
      title={title}
      action={
        error.trouble !== 'missing' && (
          <Button variant="default" onClick={retry} disabled={wait > 0}>
            {wait > 0 ? `Try again in ${wait} s` : 'Try again'}
          </Button>
        )
      }
    >
      <span role="alert">{network ? 'Check your connection, and that the server is running.' : error.message}</span>
    </State>
  );
}

function useCountdown(error: ApiError): number {
  const [left, setLeft] = useState(error.retryAfter);
  useEffect(() => {
    const until = Date.now() + error.retryAfter * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

/** In place of a page that the role may not see: it lacks one of the scopes, or all of them where one is enough. */
export function NoPermission({ scopes, every }: { scopes: string[]; every?: boolean }) {
  const list = new Intl.ListFormat('en', { type: every ? 'conjunction' : 'disjunction' });
  return (
    <State icon={IconLock} title="Your role does not include this">
      It needs the permission{every && scopes.length > 1 && 's'}{' '}
      {list.formatToParts(scopes).map(({ type, value }) => (type === 'element' ? <code key={value}>{value}</code> : value))}. An owner of
      the tenant can change your role.
    </State>
  );
}

/** Bars of the height of what is being read, so that nothing jumps. */
export function LoadingRows({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={1} role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={classes.row} style={{ height }}>
          <Skeleton height={12} width={`${32 + ((i * 17) % 28)}%`} />
        </div>
      ))}
    </Stack>
  );
}

/** While the page itself is being loaded. Nothing for a moment: most often it is there by then. */
export function Splash() {
  return (
    <div className={classes.splash}>
      <Loader size="sm" role="status" aria-label="Loading" />
    </div>
  );
}
