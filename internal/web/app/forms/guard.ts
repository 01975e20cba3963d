import { useEffect } from 'react';
import { useRouter } from '../router';
import { useAsk } from '../ui/ask';

/** Asks before unsaved changes are left, by a link, the browser's buttons or closing the tab. */
export function useGuard(dirty: boolean) {
  const router = useRouter();
  const ask = useAsk();
  useEffect(() => {
    if (!dirty) {
      return;
    }
    const release = router.guard(() =>
      ask({
        title: 'Leave without saving?',
        text: 'What you have changed on this page is not saved yet.',
        yes: 'Leave',
        no: 'Stay',
        danger: true,
      }),
    );
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    return () => {
      release();
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [dirty, router, ask]);
}
