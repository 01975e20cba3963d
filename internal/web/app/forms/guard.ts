import { createContext, useContext, useEffect } from 'react';
import { useRouter } from '../router';
import { type Question, useAsk } from '../ui/ask';

const unsaved: Question = {
  title: 'Leave without saving?',
  text: 'What you have changed on this page is not saved yet.',
  yes: 'Leave',
  no: 'Stay',
  danger: true,
};

/** The dialog around a form: leaving it leaves nothing else. */
export const DialogContext = createContext<object | undefined>(undefined);

/**
 * Asks before unsaved changes are left, by a link, the browser's buttons or closing the tab; or another question, which must be a module's
 * constant.
 */
export function useGuard(dirty: boolean, question = unsaved) {
  const router = useRouter();
  const ask = useAsk();
  const dialog = useContext(DialogContext);
  useEffect(() => {
    if (!dirty) {
      return;
    }
    const over = new AbortController();
    const release = router.guard(() => ask(question, over.signal), dialog);
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    return () => {
      release();
      over.abort(); // what is saved meanwhile asks nothing any more
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [dirty, question, router, ask, dialog]);
}
