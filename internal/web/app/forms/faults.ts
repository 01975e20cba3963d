import type { ApiError } from '../api/errors';

// An API's messages name the property that they are about: `scopes[0].value`. Here they find their field.

/** The faults that belong to one property each; a conflict is one of the property that has to be unique. */
export function faultsOf(error: ApiError | undefined, unique?: string): Record<string, string> {
  return unique && error?.trouble === 'conflict' ? { [unique]: error.message } : (error?.fields ?? {});
}

/** The fault of a property or of a part of it: `scopes[0].value` is one of scopes, unless a part of scopes is a field of its own that is nearer. */
export function faultOf(faults: Record<string, string>, name: string, fields = [name]): string | undefined {
  const place = Object.keys(faults).find((path) => fieldOf(path, fields) === name);
  return place === undefined ? undefined : faults[place];
}

/** Whether there are faults and each stands at one of these fields, so that nothing is left to be said elsewhere. */
export function allPlaced(faults: Record<string, string>, fields: string[]): boolean {
  const paths = Object.keys(faults);
  return paths.length > 0 && paths.every((path) => fieldOf(path, fields) !== undefined);
}

/** The field at which a fault is shown: of those that it belongs to the most specific. */
function fieldOf(path: string, fields: string[]): string | undefined {
  const around = fields.filter((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  return around.sort((a, b) => b.length - a.length)[0];
}
