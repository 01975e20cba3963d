import type { ApiError } from '../api/errors';

// An API's messages name the property that they are about: `scopes[0].value`. Here they find their field.

export interface Placing {
  /** The property that has to be unique: a 409 is about it. */
  unique?: string;
  /** What the form says faults of besides those of its values. */
  places?: string[];
}

/** What went wrong, for each field of a form; error is what belongs to none. sent is what the form had then. */
export function placedFaults(error: ApiError | undefined, sent: object, { unique, places = [] }: Placing) {
  const faults = unique && error?.trouble === 'conflict' ? { [unique]: error.message } : (error?.fields ?? {});
  const fields = [...Object.keys(sent), ...places];
  const faultAt = (name: string): Fault | undefined => {
    const fault = nearest(faults, name, fields);
    return fault && { ...fault, sent: (sent as Record<string, unknown>)[name] };
  };
  return { faultAt, fault: (name: string) => faultAt(name)?.text, error: allPlaced(faults, fields) ? undefined : error };
}

/** What is wrong, and where, as the API writes it: `scopes[0].value`. */
export interface Fault {
  path: string;
  text: string;
  /** The field's value that it is about: by now another one may be typed. */
  sent?: unknown;
}

/** The fault of a property or of a part of it: `scopes[0].value` is one of scopes, unless a nearer one of the fields is meant. */
function nearest(faults: Record<string, string>, name: string, fields: string[]): Fault | undefined {
  return Object.entries(faults)
    .map(([path, text]) => ({ path, text }))
    .find(({ path }) => fieldOf(path, fields) === name);
}

/** The fault of a property or of a part of it. */
export function faultAt(faults: Record<string, string>, name: string): Fault | undefined {
  return nearest(faults, name, [name]);
}

/** Its text. */
export function faultOf(faults: Record<string, string>, name: string): string | undefined {
  return faultAt(faults, name)?.text;
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
