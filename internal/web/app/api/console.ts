import { ApiError, refusal } from './errors';
import type { Session } from './types';

type Listener = () => void;

export interface Call {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * The console's own interface under /manage/, with the session's cookie. When the session is over, requests wait until somebody has
 * signed in again, so that nothing typed into the page is lost; the page shows a dialog meanwhile.
 */
export class Console {
  private listeners = new Set<Listener>();
  private waiting: (() => void)[] = [];
  private over = false;

  /** For useSyncExternalStore: tells when `signedOut` changes. */
  subscribe = (listener: Listener): Listener => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** True from the first 401 on, until `resume` finds a session. */
  signedOut = (): boolean => this.over;

  session(signal?: AbortSignal): Promise<Session> {
    return this.call<Session>('session', { signal });
  }

  /** Tries whether there is a session again; if so, all waiting requests go on. */
  async resume(operatorID: string): Promise<boolean> {
    const answer = await send('/manage/session', {});
    if (!answer.ok) {
      return false;
    }
    const session = (await answer.json()) as Session;
    if (session.operator.id !== operatorID) {
      location.reload(); // somebody else: nothing on this page is theirs
      return false;
    }
    this.change(false);
    for (const go of this.waiting.splice(0)) {
      go();
    }
    return true;
  }

  /** One request; path is below /manage/. Throws ApiError, or the signal's AbortError. */
  async call<T>(path: string, call: Call = {}): Promise<T> {
    for (;;) {
      const answer = await send(`/manage/${path}`, call);
      if (answer.status !== 401) {
        return read<T>(answer);
      }
      this.change(true);
      await new Promise<void>((go) => this.waiting.push(go));
    }
  }

  private change(over: boolean) {
    if (over !== this.over) {
      this.over = over;
      for (const listener of this.listeners) {
        listener();
      }
    }
  }
}

/** Sends a request with a JSON body. Throws ApiError where no answer came. */
export async function send(url: string, { method = 'GET', body, signal }: Call, bearer?: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (bearer) {
    headers.Authorization = `Bearer ${bearer}`;
  }
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      // The Management API never reads a cookie; the console's own interface needs it.
      credentials: bearer ? 'omit' : 'same-origin',
    });
  } catch (cause) {
    if (signal?.aborted) {
      throw cause;
    }
    throw new ApiError('network', 'writ cannot be reached.');
  }
}

export async function read<T>(answer: Response): Promise<T> {
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
