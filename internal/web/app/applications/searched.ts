import type { Client } from '../api/types';

/** What a search of applications looks through. */
export const searched = 'name or client ID';

export function texts(c: Client): string[] {
  return [c.name, c.client_id];
}
