import { type ComponentType, useEffect, useState } from 'react';

/** A component in a file of its own, which is loaded when it is first shown, or before by `load`. */
export interface Part<P> {
  (props: P & { /** Stands there meanwhile. */ loading: React.ReactNode }): React.ReactNode;
  load: () => Promise<void>;
}

/**
 * What React.lazy and Suspense do, without their wait: what a boundary uncovers within 300 ms of its fallback, React holds back until
 * these are over, so as not to flicker, and a page's first paint with it. A file that cannot be had is thrown to the error boundary.
 */
export function part<P extends object>(file: () => Promise<{ default: ComponentType<P> }>): Part<P> {
  let loaded: ComponentType<P> | undefined;
  let loading: Promise<void> | undefined;

  async function load() {
    loading ??= file().then((module) => {
      loaded = module.default;
    });
    try {
      await loading;
    } catch (error) {
      loading = undefined; // the next one to show it tries again
      throw error;
    }
  }

  function Shown({ loading, ...props }: P & { loading: React.ReactNode }) {
    const [fault, setFault] = useState<{ error: unknown }>();
    const [, show] = useState(false);
    useEffect(() => {
      if (!loaded) {
        load().then(
          () => show(true),
          (error: unknown) => setFault({ error }),
        );
      }
    }, []);
    if (fault) {
      throw fault.error;
    }
    const Loaded = loaded;
    return Loaded ? <Loaded {...(props as unknown as P)} /> : loading;
  }

  return Object.assign(Shown, { load });
}
