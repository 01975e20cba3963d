import { Button, Group, Modal, Text } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Console } from '../api/console';
import { useLoad } from '../api/hooks';
import type { Session } from '../api/types';
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
      <SignedOutDialog console={console} operatorID={data?.operator.id} />
    </>
  );
}

function SignedOutDialog({ console, operatorID }: { console: Console; operatorID?: string }) {
  const over = useSyncExternalStore(console.subscribe, console.signedOut);
  const [refused, setRefused] = useState(false);

  const resume = useCallback(async () => {
    if (!operatorID) {
      location.reload();
      return;
    }
    try {
      setRefused(!(await console.resume(operatorID)));
    } catch {
      setRefused(true);
    }
  }, [console, operatorID]);

  // Coming back from the tab in which one has signed in is enough.
  useEffect(() => {
    const onFocus = () => over && void resume();
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [over, resume]);

  return (
    <Modal
      opened={over}
      onClose={() => {}}
      withCloseButton={false}
      title="Your session has ended"
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <Text size="md">Sign in again in a new tab, then go on here. Nothing that you have typed is lost.</Text>
      {refused && (
        <Text size="sm" c="var(--writ-danger)" mt="sm" role="alert">
          There is no session yet.
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => void resume()}>
          Go on
        </Button>
        <Button component="a" href="/manage/signin" target="_blank" rel="noopener">
          Sign in
        </Button>
      </Group>
    </Modal>
  );
}
