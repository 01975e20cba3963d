import { ApiError, refusal } from './errors';
import type { Operator, Session } from './types';

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
  private channel = new BroadcastChannel('writ-session');
  /** Whose page this is, from the first session on. The server refuses what the session of somebody else would do. */
  private operator = '';

  /** Changes when another tab has signed out, or in as somebody else: bearers of before are not to be used any more. */
  generation = 0;

  constructor() {
    this.channel.onmessage = ({ data }) => {
      if (data !== this.operator) {
        this.generation++;
      }
    };
  }

  /** For useSyncExternalStore: tells when `signedOut` changes. */
  subscribe = (listener: Listener): Listener => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** True from the first 401 on, until `resume` finds a session. */
  signedOut = (): boolean => this.over;

  async session(signal?: AbortSignal): Promise<Session> {
    const session = await this.call<Session>('session', { signal });
    this.operator = session.operator.id;
    this.channel.postMessage(this.operator);
    return session;
  }

  /** Ends the session, in all tabs. */
  async signOut(): Promise<void> {
    await this.call('signout', { method: 'POST' });
    this.channel.postMessage('');
  }

  /**
   * Tries whether the operator of this page is signed in again; if so, all waiting requests go on. Resolves to who is signed in now, if
   * anybody is: of somebody else nothing goes on.
   */
  async resume(): Promise<Operator | undefined> {
    const answer = await send('/manage/session', {});
    if (!answer.ok) {
      return undefined;
    }
    const { operator } = (await answer.json()) as Session;
    if (operator.id === this.operator) {
      this.change(false);
      for (const go of this.waiting.splice(0)) {
        go();
      }
    }
    return operator;
  }

  /** One request; path is below /manage/. Throws ApiError, or the signal's AbortError. */
  async call<T>(path: string, call: Call = {}): Promise<T> {
    for (;;) {
      const answer = await send(`/manage/${path}`, call, { operator: this.operator });
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

/** Who asks: the Management API is told by a bearer; the console's own interface has the cookie, and is told whose page it is. */
interface Asking {
  bearer?: string;
  operator?: string;
}

/** Sends a request with a JSON body. Throws ApiError where no answer came. */
export async function send(url: string, { method = 'GET', body, signal }: Call, { bearer, operator }: Asking = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (bearer) {
    headers.Authorization = `Bearer ${bearer}`;
  }
  if (operator) {
    headers['Writ-Operator'] = operator;
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
