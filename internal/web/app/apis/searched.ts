import type { ResourceServer } from '../api/types';

/** What a search of APIs looks through. */
export const searched = 'name or identifier';

export function texts(rs: ResourceServer): string[] {
  return [rs.name ?? '', rs.identifier];
}
