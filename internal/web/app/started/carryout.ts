import { ApiError } from '../api/errors';
import { type TenantApi, withQuery } from '../api/tenant';
import { type Act, type Made, planOf, type Wish } from './plan';

/** The requests that were sent and not answered, so that nobody knows whether they have made something. */
export type Lost = Set<string>;

/**
 * Makes what is missing, in order, and tells of each. Throws ApiError at the first that fails; called again with what was made so far, it
 * goes on there.
 */
export async function carryOut(api: TenantApi, wish: Wish, made: Made, lost: Lost, tell: (made: Made, next?: Act) => void): Promise<Made> {
  for (;;) {
    const act = planOf(wish, made).find((a) => made[a.id] === undefined);
    tell(made, act);
    if (!act) {
      return made;
    }
    made = { ...made, [act.id]: await make(api, act, lost) };
  }
}

async function make(api: TenantApi, act: Act, lost: Lost): Promise<unknown> {
  const request = JSON.stringify([act.path, act.body]);
  try {
    return await api.post(act.path, act.body);
  } catch (error) {
    const trouble = error instanceof ApiError ? error.trouble : undefined;
    if (trouble === 'network' || trouble === 'server') {
      lost.add(request);
    }
    const before = trouble === 'conflict' && lost.has(request) ? await made(api, act).catch(() => undefined) : undefined;
    if (before === undefined) {
      throw error;
    }
    return before;
  }
}

/** What a request has made whose answer was lost: what has the same key, if it is in all else what was asked for. */
async function made(api: TenantApi, { id, body }: Act): Promise<object | undefined> {
  if (id === 'api') {
    return same(await api.get<object>(`resource-servers/${encodeURIComponent(String(body.identifier))}`), body);
  }
  const { client_id, audience } = body as { client_id: string; audience: string };
  const [grant] = await api.get<object[]>(withQuery('client-grants', { client_id, audience }));
  return grant && same(grant, body);
}

function same(found: object, body: Act['body']): object | undefined {
  const values = found as Record<string, unknown>;
  return Object.entries(body).every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value)) ? found : undefined;
}
