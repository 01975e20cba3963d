import { type Call, type Console, read, send } from './console';
import { ApiError } from './errors';

interface Bearer {
  access_token: string;
  expires_in: number;
  scope: string;
}

/** Renew a bearer when less than this is left of its life. */
const marginSeconds = 30;

/** One tenant's Management API, with the operator's bearer, which lasts five minutes and is renewed as needed. */
export class TenantApi {
  private bearer?: { token: string; until: number; generation: number };
  private renewal?: Promise<string>;
  private scopes = new Set<string>();
  private cache = new Map<string, unknown>();

  constructor(
    private readonly console: Console,
    readonly tenant: string,
  ) {}

  /** Gets the first bearer, and with it what the operator may do. Throws ApiError. */
  async open(): Promise<void> {
    await this.token();
  }

  /** Whether the operator's role includes at least one of the scopes. The API decides; this only hides what would be refused. */
  can(...anyOf: string[]): boolean {
    return anyOf.some((scope) => this.scopes.has(scope));
  }

  /** One request; path is below /api/v2/. Throws ApiError, or the signal's AbortError. */
  async call<T>(path: string, call: Call = {}): Promise<T> {
    const answer = await this.request(path, call);
    if (answer.status === 401) {
      throw new ApiError('server', 'The Management API does not accept the console’s token.', 401);
    }
    return read<T>(answer);
  }

  /** One request and its answer, whatever that is. Throws ApiError where none came, or the signal's AbortError. */
  async request(path: string, call: Call = {}): Promise<Response> {
    const url = `/manage/t/${encodeURIComponent(this.tenant)}/api/v2/${path}`;
    const answer = await send(url, call, { bearer: await this.token() });
    if (answer.status !== 401) {
      return answer;
    }
    this.bearer = undefined; // keys were revoked, perhaps: one new bearer, then it is a fault
    return send(url, call, { bearer: await this.token() });
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.call<T>(path, { signal });
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call<T>(path, { method: 'POST', body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>(path, { method: 'PATCH', body });
  }

  put<T>(path: string, body?: unknown): Promise<T> {
    return this.call<T>(path, { method: 'PUT', body });
  }

  delete(path: string): Promise<void> {
    return this.call<void>(path, { method: 'DELETE' });
  }

  /** What was last read from a path, to be shown while it is read again. */
  remembered<T>(path: string): T | undefined {
    return this.cache.get(path) as T | undefined;
  }

  remember(path: string, data: unknown) {
    this.cache.set(path, data);
  }

  private token(): Promise<string> {
    if (this.bearer && this.bearer.until > Date.now() && this.bearer.generation === this.console.generation) {
      return Promise.resolve(this.bearer.token);
    }
    this.renewal ??= this.renew().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  private async renew(): Promise<string> {
    const body = { tenant: this.tenant };
    const { generation } = this.console;
    const bearer = await this.console.call<Bearer>('token', { method: 'POST', body });
    this.bearer = { token: bearer.access_token, until: Date.now() + (bearer.expires_in - marginSeconds) * 1000, generation };
    this.scopes = new Set(bearer.scope.split(' '));
    return bearer.access_token;
  }
}

/** A path with a query, added to what it has: values that are undefined or empty are left out. */
export function withQuery(path: string, query: Record<string, string | number | boolean | undefined>): string {
  const [plain = '', before] = path.split('?');
  const search = new URLSearchParams(before);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text ? `${plain}?${text}` : plain;
}
