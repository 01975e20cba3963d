import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { noPermission } from '../apis/words';
import { plain, short } from '../ui/plain';
import type { UseCase } from './usecases';

/** What the wizard's form says. */
export interface Wish {
  application: string;
  /** The existing API, or null: a new one is made of what follows. */
  existing: ResourceServer | null;
  name: string;
  identifier: string;
  /** Seconds; what was typed, where it is no number. */
  lifetime: number | string;
  /** The permissions of a new API; the application gets all of them. */
  scope: string[];
  /** Those of the existing API that the application gets. */
  granted: string[];
}

/** What was made so far. */
export interface Made {
  api?: ResourceServer;
  application?: Client;
  grant?: ClientGrant;
}

/** One request of the Management API, with what it makes. */
export interface Act {
  id: keyof Made;
  title: string;
  path: string;
  body: Record<string, unknown>;
  /** What to mind about it before it is made. */
  note?: string;
}

export function wishOf(useCase: UseCase): Wish {
  const { application, api, lifetime } = useCase;
  return { application, existing: null, name: api.name, identifier: api.identifier, lifetime, scope: [api.scope], granted: [] };
}

/** Stands in a body for what an act before will have made. */
const later = 'of the new application';

/** The requests that fulfil a wish, in their order. Each is made once: those that have made something are not made again. */
export function planOf(wish: Wish, made: Made): Act[] {
  const audience = wish.existing?.identifier ?? wish.identifier.trim();
  const scope = wish.existing ? wish.granted : wish.scope;
  const acts: Act[] = [
    {
      id: 'application',
      title: `The application “${short(wish.application.trim())}”`,
      path: 'clients',
      body: {
        name: wish.application.trim(),
        app_type: 'non_interactive',
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    },
    {
      id: 'grant',
      title: `Its grant for ${short(plain(wish.existing?.name ?? wish.existing?.identifier ?? wish.name))}`,
      path: 'client-grants',
      body: { client_id: made.application?.client_id ?? later, audience, scope },
      note: scope.length === 0 ? noPermission : undefined,
    },
  ];
  if (!wish.existing) {
    acts.unshift({
      id: 'api',
      title: `The API “${short(wish.name.trim())}”`,
      path: 'resource-servers',
      body: {
        name: wish.name.trim(),
        identifier: audience,
        token_lifetime: wish.lifetime,
        scopes: scope.map((value) => ({ value })),
      },
    });
  }
  return acts;
}
