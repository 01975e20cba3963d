import { Button, Group, Modal, Text } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Console } from '../api/console';
import { useLoad } from '../api/hooks';
import type { Operator, Session } from '../api/types';
import { useKeysFirst } from '../ui/keysfirst';
import { ErrorState, Splash } from '../ui/states';

interface SessionContextValue {
  console: Console;
  session: Session;
  /** Reads the session again, after memberships or the account have changed. */
  refresh: () => void;
}

const SessionContext = createContext<SessionContextValue | null>(null);

export function useSession(): SessionContextValue {
  const value = useContext(SessionContext);
  if (!value) {
    throw new Error('no SessionProvider');
  }
  return value;
}

/** Reads who is signed in, and asks them to sign in again when the session ends, without losing the page. */
export function SessionProvider({ children }: { children: React.ReactNode }) {
  const [console] = useState(() => new Console());
  const load = useCallback((signal: AbortSignal) => console.session(signal), [console]);
  const { data, error, reload } = useLoad(load);

  return (
    <>
      {data ? (
        <SessionContext.Provider value={{ console, session: data, refresh: reload }}>{children}</SessionContext.Provider>
      ) : error ? (
        <ErrorState error={error} retry={reload} />
      ) : (
        <Splash />
      )}
      <SignedOutDialog console={console} operator={data?.operator} />
    </>
  );
}

function SignedOutDialog({ console, operator }: { console: Console; operator?: Operator }) {
  const over = useSyncExternalStore(console.subscribe, console.signedOut);
  const [found, setFound] = useState<Operator | 'nobody'>();

  const resume = useCallback(async () => {
    if (!operator) {
      location.reload();
      return;
    }
    try {
      setFound((await console.resume()) ?? 'nobody');
    } catch {
      setFound('nobody');
    }
  }, [console, operator]);

  // Coming back from the tab in which one has signed in is enough.
  useEffect(() => {
    const onFocus = () => over && void resume();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [over, resume]);

  // Not for the dialogs beneath, a question's among them.
  useKeysFirst((event) => over && event.key === 'Escape');

  const other = found === 'nobody' || found?.id === operator?.id ? undefined : found;
  return (
    <Modal
      opened={over}
      onClose={() => {}}
      withCloseButton={false}
      zIndex={1000} // above every other dialog: it may be open while one waits
      title="Your session has ended"
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Text size="md">Sign in again in a new tab, then go on here. Nothing that you have typed is lost.</Text>
      {found === 'nobody' && (
        <Text size="sm" c="var(--writ-danger)" mt="sm" role="alert">
          There is no session yet. If you cannot sign in any more, your account may have ended with your last membership: ask the owner of
          the tenant to invite you again.
        </Text>
      )}
      {other && (
        <Text size="sm" c="var(--writ-danger)" mt="sm" role="alert">
          {other.email} is signed in now, and this page is {operator?.email}’s. Sign in as {operator?.email} to go on, or load the page anew
          as {other.email}, without what you have typed.
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        {other && (
          <Button variant="default" onClick={() => location.reload()}>
            Load anew
          </Button>
        )}
        <Button variant="default" onClick={() => void resume()}>
          Go on
        </Button>
        <Button component="a" href="/manage/signin?anew=1" target="_blank" rel="noopener">
          Sign in
        </Button>
      </Group>
    </Modal>
  );
}
