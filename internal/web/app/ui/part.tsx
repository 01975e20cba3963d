import { type ComponentType, useEffect, useState } from 'react';
import { ApiError } from '../api/errors';
import { ErrorState } from './states';

const gone = new ApiError('page', 'writ cannot be reached, or was updated since you opened this page.');

/** A component in a file of its own, which is loaded when it is first shown, or before by `load`. */
export interface Part<P> {
  (props: P & { /** Stands there meanwhile. */ loading: React.ReactNode }): React.ReactNode;
  load: () => Promise<void>;
}

/**
 * What React.lazy and Suspense do, without their wait: what a boundary uncovers within 300 ms of its fallback, React holds back until
 * these are over, so as not to flicker, and a page's first paint with it. Files of
 * an older version are gone once the server has another: it says so where the component would stand.
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
    const [state, setState] = useState<'loading' | 'shown' | 'failed'>(loaded ? 'shown' : 'loading');
    // It asks its own state, not `loaded`: the file may have come since this was drawn without it.
    useEffect(() => {
      if (state === 'loading') {
        load().then(
          () => setState('shown'),
          () => setState('failed'),
        );
      }
    }, [state]);
    if (state === 'failed') {
      return <ErrorState error={gone} retry={() => location.reload()} />;
    }
    const Loaded = loaded;
    return Loaded ? <Loaded {...(props as unknown as P)} /> : loading;
  }

  return Object.assign(Shown, { load });
}
