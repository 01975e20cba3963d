import { ApiError } from '../api/errors';
import { faultOf } from '../forms/faults';
import { worded } from '../forms/worded';
import type { Act, Wish } from './plan';

/** What is wrong with a wish, by the field that says it. */
export type Faults = Partial<Record<keyof Wish, string>>;

/** The longest life of a token that the Management API takes, in seconds: 30 days. */
const longest = 2_592_000;

/** What the form can tell by itself. Nothing is sent before it is mended. */
export function missing(wish: Wish): Faults {
  const faults: Faults = { application: required(wish.application, 'Application') };
  if (!wish.existing) {
    faults.name = required(wish.name, 'Name');
    faults.identifier = required(wish.identifier, 'Identifier');
    faults.lifetime = lifetimeFault(wish.lifetime);
  }
  return faults;
}

function required(value: string, label: string): string | undefined {
  return value.trim() === '' ? `${label} is required.` : undefined;
}

/** The Management API takes 0, as Auth0's does: its tokens have expired when they arrive, which nobody wants of a new API. */
function lifetimeFault(lifetime: Wish['lifetime']): string | undefined {
  if (lifetime === '') {
    return 'Life of a token is required: a number of seconds.';
  }
  if (!(Number(lifetime) >= 1)) {
    return 'Life of a token must be at least 1 second: with 0 it has expired when it arrives.';
  }
  return Number(lifetime) > longest ? `Life of a token must be at most ${longest.toLocaleString('en')} seconds: 30 days.` : undefined;
}

/** Which field an act's property comes from, and how its faults are worded. */
const places: { act: Act['id']; property: string; field: keyof Wish; label: string; rule?: string }[] = [
  { act: 'application', property: 'name', field: 'application', label: 'Application', rule: 'text without < and >' },
  { act: 'api', property: 'name', field: 'name', label: 'Name', rule: 'text without < and >' },
  { act: 'api', property: 'identifier', field: 'identifier', label: 'Identifier' },
  { act: 'api', property: 'scopes', field: 'scope', label: 'A permission' },
  { act: 'api', property: 'token_lifetime', field: 'lifetime', label: 'Life of a token', rule: 'a number of seconds' },
];

/** What is still to be said of an act that failed. */
export interface Refusal {
  faults: Faults;
  /** With the same words as at the fields, or with what belongs to none of them. */
  error: ApiError;
}

/**
 * Words a failure for those who see the page alone. What was said of a field is over once that is changed; undefined = nothing is left.
 * @param sent - The wish as it was then.
 */
export function refusalOf(error: ApiError, act: Act | undefined, sent: Wish, wish: Wish): Refusal | undefined {
  const found = places.filter(({ act: id, property }) => id === act?.id && faultOf(error.fields, property) !== undefined);
  if (found.length === 0) {
    return { faults: {}, error };
  }
  const standing = found.filter(({ field }) => sent[field] === wish[field]);
  if (standing.length === 0) {
    return undefined;
  }
  const faults: Faults = Object.fromEntries(
    standing.map(({ property, field, label, rule }) => [field, worded(faultOf(error.fields, property), label, rule)]),
  );
  return { faults, error: new ApiError(error.trouble, Object.values(faults).join(' '), error.status) };
}
