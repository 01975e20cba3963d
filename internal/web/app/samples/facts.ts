import type { ClientGrant, LocalCA, ResourceServer } from '../api/types';
import type { Language } from './language';

/** An http or https address in the form that every language can send, or null. */
export function addressOf(text: string): string | null {
  try {
    const url = new URL(text.trim());
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** Where the API is called until somebody says so: at its identifier, if that can be an address. */
export function defaultAddress(api: ResourceServer): string {
  const address = addressOf(api.identifier);
  return api.is_system && address ? `${address}clients?per_page=1` : (address ?? 'https://api.example.com/');
}

/** A secret for the eyes: enough to know it again. */
export function maskedSecret(secret: string): string {
  return `${[...secret].slice(0, 3).join('')}*****MASKED*****`;
}

/** The commands that run a sample, from the folder that it is saved in. ca is writ's own, where its certificate is of that. */
export function runLines(language: Language, ca: LocalCA | undefined, embedded: boolean): string[] {
  return [
    ...(embedded ? [] : ['read -rs WRIT_CLIENT_SECRET && export WRIT_CLIENT_SECRET']),
    ...((ca && language.trust?.(ca)) ?? []),
    ...((ca && language.runTrusting?.(ca)) ?? language.run),
  ];
}

/** What the token endpoint answers, as RFC 6749 section 5.1 has it. */
export function reply(api: ResourceServer, grant: ClientGrant | undefined): string {
  const scope = grant?.allow_all_scopes ? (api.scopes ?? []).map((s) => s.value) : (grant?.scope ?? []);
  const body = {
    access_token: 'eyJz93a...k4laUWw',
    ...(scope.length > 0 && { scope: scope.length > 4 ? `${scope.slice(0, 4).join(' ')} ...` : scope.join(' ') }),
    expires_in: api.token_lifetime,
    token_type: 'Bearer',
  };
  return `HTTP/1.1 200 OK\nContent-Type: application/json\nCache-Control: no-store\n\n${JSON.stringify(body, null, 2)}`;
}
