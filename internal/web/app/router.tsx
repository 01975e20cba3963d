import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

// The page's addresses are the browser's: every view, filter and tab that somebody may want to send to a colleague is in the URL.

type Listener = () => void;

/** Whether the user lets unsaved changes go. */
type Guard = () => Promise<boolean>;

const changed = 'writ:navigated';

/** The history of this tab. Views with unsaved changes stand guard, and are asked before another one is shown. */
export class Router {
  /** Each with the dialog that it stands in, if it is in one. */
  private guards = new Map<Guard, object | undefined>();
  private asking = false;
  private shown = address();

  /** Follows the browser's own buttons. Returns the end of it. */
  start(): Listener {
    const onPop = () => void this.popped();
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }

  guard(guard: Guard, dialog?: object): Listener {
    this.guards.set(guard, dialog);
    return () => this.guards.delete(guard);
  }

  async go(to: string, replace = false): Promise<void> {
    const leavesPage = new URL(to, location.href).pathname !== location.pathname;
    if (placeOf(to) !== placeOf(address()) && !(await this.mayLeave())) {
      return;
    }
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    this.announce();
    if (leavesPage) {
      window.scrollTo(0, 0);
    }
  }

  private async popped(): Promise<void> {
    const target = address();
    if (placeOf(target) !== placeOf(this.shown) && this.guards.size > 0) {
      history.pushState(null, '', this.shown); // stay until the user has decided
      if (!(await this.mayLeave())) {
        return;
      }
      history.pushState(null, '', target);
    }
    this.announce();
  }

  private announce() {
    this.shown = address();
    window.dispatchEvent(new Event(changed));
  }

  /** Asks those who stand guard, or those of a dialog if only that is left; while they are being asked nobody else may leave. */
  async mayLeave(dialog?: object): Promise<boolean> {
    const guards = [...this.guards].filter(([, of]) => !dialog || of === dialog).map(([guard]) => guard);
    if (guards.length === 0) {
      return true;
    }
    if (this.asking) {
      return false;
    }
    this.asking = true;
    try {
      return await this.ask(guards);
    } finally {
      this.asking = false;
    }
  }

  private async ask(guards: Guard[]): Promise<boolean> {
    for (const guard of guards) {
      if (!(await guard())) {
        return false;
      }
    }
    for (const guard of guards) {
      this.guards.delete(guard);
    }
    return true;
  }
}

function address(): string {
  return location.pathname + location.search;
}

/** What unsaved changes are lost with: the page, its tab, and the part of a list. Filters may change meanwhile. */
const places = ['tab', 'page', 'search', 'operation'];

function placeOf(to: string): string {
  const url = new URL(to, location.href);
  return [url.pathname, ...places.map((name) => url.searchParams.get(name) ?? '')].join(' ');
}

function subscribe(listener: Listener): Listener {
  window.addEventListener(changed, listener);
  return () => window.removeEventListener(changed, listener);
}

const RouterContext = createContext<Router | null>(null);

export function RouterProvider({ children }: { children: React.ReactNode }) {
  const [router] = useState(() => new Router());
  useEffect(() => router.start(), [router]);
  return <RouterContext.Provider value={router}>{children}</RouterContext.Provider>;
}

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) {
    throw new Error('no RouterProvider');
  }
  return router;
}

/** Path and query of what is shown. */
export function useAddress(): URL {
  const text = useSyncExternalStore(subscribe, address);
  return useMemo(() => new URL(text, location.origin), [text]);
}

/** One parameter of the query, and a function that sets it without a new entry in the history. Empty = absent. */
export function useQuery(name: string, fallback = ''): [string, (value: string) => void] {
  const router = useRouter();
  const value = useAddress().searchParams.get(name) ?? fallback;
  const set = (next: string) => void router.go(withParameters({ [name]: next === fallback ? '' : next }), true);
  return [value, set];
}

/** The present address with some parameters changed; empty ones go. */
export function withParameters(changes: Record<string, string>): string {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) {
      url.searchParams.set(name, value);
    } else {
      url.searchParams.delete(name);
    }
  }
  return url.pathname + url.search;
}

/** Matches a path against a pattern such as `/applications/:id`; the values of its names, or null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) {
    return null;
  }
  const values: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const segment = given[i] ?? '';
    if (part.startsWith(':')) {
      values[part.slice(1)] = decoded(segment);
    } else if (part !== segment) {
      return null;
    }
  }
  return values;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // typed by hand
  }
}

export interface LinkProps extends React.AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  ref?: React.Ref<HTMLAnchorElement>;
}

/** A link within the dashboard: a real one, so that it opens in a new tab like any other. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const router = useRouter();
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (plain && !event.defaultPrevented && rest.target === undefined) {
          event.preventDefault();
          void router.go(href);
        }
      }}
    />
  );
}
