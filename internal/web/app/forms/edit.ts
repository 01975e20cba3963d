import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type ApiError, faultOn } from '../api/errors';
import { type Resource, useAction } from '../api/hooks';
import { useTenant } from '../shell/tenant';
import { type Fault, placedFaults } from './faults';
import { useFirstFault } from './firstfault';
import { useGuard } from './guard';

export interface EditOptions<R, V extends object> {
  resource: Pick<Resource<R>, 'data' | 'set'>;
  /** Where the object is patched. */
  path: string;
  /** Where it is read, if that is elsewhere. */
  reads?: string;
  /** The object as the form shows it. Its keys are the API's properties. Must be a module's function, so that it never changes. */
  read: (object: R) => V;
  /** The PATCH body of the values that were changed, given all of them, and what is on the server. Default: those values. */
  write?: (changed: Partial<V>, all: V, present: V) => unknown;
  /** What is wrong with a value that the API would take. Nothing is sent then. */
  check?: (changed: Partial<V>) => { name: keyof V & string; text: string } | undefined;
  /** After each save. */
  saved?: () => void;
  readOnly?: boolean;
  /** The property that has to be unique: a 409 is about it. */
  unique?: keyof V & string;
  /** What the form says faults of besides those of its values. */
  places?: string[];
  /** Joins two people's changes of one property, so that both can be kept; undefined where they exclude each other. Default: they do. */
  join?: { [K in keyof V]?: (before: V[K], mine: V[K], theirs: V[K]) => V[K] | undefined };
}

/** A property that two people have changed. */
export interface Collision<V> {
  name: keyof V & string;
  before: unknown;
  mine: unknown;
  theirs: unknown;
}

/** Somebody else has saved other values of the same properties since this form read them. */
export interface EditConflict<V> {
  fields: Collision<V>[];
  keepMine: () => void;
  takeTheirs: () => void;
  /** Puts both changes together into the form, to be looked at and saved; absent where they exclude each other. */
  keepBoth?: () => void;
}

export interface Edit<V extends object> {
  values: V;
  set: <K extends keyof V & string>(name: K, value: V[K]) => void;
  /** The API's message about a property of the values, or about a part of it; or about one of the places. */
  fault: (name: string) => string | undefined;
  /** The same with the part's path. */
  faultAt: (name: string) => Fault | undefined;
  /** A failure that belongs to no single field of the form. */
  error?: ApiError;
  conflict?: EditConflict<V>;
  dirty: boolean;
  busy: boolean;
  readOnly: boolean;
  save: () => void;
  discard: () => void;
}

/**
 * A form over one object of the Management API. Only what was changed is sent, so that two people who change different properties do
 * not undo each other's work; for the same property the second one is asked. What was typed survives every failure.
 */
export function useEdit<R, V extends object>(options: EditOptions<R, V>): Edit<V> {
  const { resource, path, reads = path, read, write, check, saved, readOnly = false, unique, places, join } = options;
  const { api } = useTenant();
  const draft = useDraft(resource.data as R, read);
  const { values, base, changed, dirty } = draft;
  const [conflict, setConflict] = useState<EditConflict<V>>();
  const sent = useRef(values);
  useGuard(dirty);

  const save = useAction(async (known: V) => {
    setConflict(undefined);
    sent.current = values;
    const wrong = check?.(changed);
    if (wrong) {
      throw faultOn(wrong.name, wrong.text);
    }
    const now = await api.get<R>(reads);
    const theirs = read(now);
    const fields = collisions(known, changed, theirs);
    if (fields.length > 0) {
      const joined = joinAll(fields, join);
      setConflict({
        fields,
        keepMine: () => keepMine(theirs),
        takeTheirs: () => takeTheirs(now, fields),
        keepBoth: joined && (() => keepBoth(now, joined)),
      });
      return;
    }
    const after = await api.patch<R>(path, write ? write(changed, values, theirs) : changed);
    draft.settle(read(after));
    resource.set(after);
    saved?.();
  });
  const keepMine = (theirs: V) => {
    draft.rebase(theirs);
    void save.run(theirs);
  };
  const takeTheirs = (now: R, fields: Collision<V>[]) => {
    setConflict(undefined);
    resource.set(now);
    draft.rebase(read(now));
    draft.drop(fields.map((f) => f.name));
  };
  const keepBoth = (now: R, joined: Partial<V>) => {
    takeTheirs(now, []);
    draft.type(joined);
  };
  const { set: type } = draft;
  const set = useCallback<typeof type>(
    (name, value) => {
      setConflict(undefined); // it is looked for anew when this is saved
      type(name, value);
    },
    [type],
  );
  const discard = () => {
    setConflict(undefined);
    save.clear();
    draft.settle(base);
  };

  useFirstFault(save.error);
  const placed = placedFaults(save.error, sent.current, { unique, places });
  return { values, set, ...placed, conflict, dirty, busy: save.busy, readOnly, save: () => void save.run(base), discard };
}

/** What was read, and what was typed over it. */
function useDraft<R, V extends object>(loaded: R, read: (object: R) => V) {
  // What the typed values are compared with. It follows what is read, unless a save has found something newer.
  const [base, setBase] = useState<V>(() => read(loaded));
  const [typed, setTyped] = useState<Partial<V>>({});
  useEffect(() => {
    if (loaded !== undefined) {
      setBase(read(loaded));
    }
  }, [loaded, read]);

  const values = useMemo(() => ({ ...base, ...typed }), [base, typed]);
  const changed = useMemo(() => changesFrom(base, typed), [base, typed]);
  const type = useCallback((more: Partial<V>) => setTyped((old) => ({ ...old, ...more })), []);
  const set = useCallback(<K extends keyof V & string>(name: K, value: V[K]) => type({ [name]: value } as unknown as Partial<V>), [type]);
  return {
    base,
    values,
    changed,
    set,
    type,
    dirty: Object.keys(changed).length > 0,
    rebase: setBase,
    /** Forgets what was typed into some fields. */
    drop: (names: string[]) =>
      setTyped((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !names.includes(name))) as Partial<V>),
    /** Everything typed is saved, or given up. */
    settle: (next: V) => {
      setBase(next);
      setTyped({});
    },
  };
}

function changesFrom<V extends object>(base: V, changes: Partial<V>): Partial<V> {
  return Object.fromEntries(Object.entries(changes).filter(([name, value]) => !same(value, base[name as keyof V]))) as Partial<V>;
}

function collisions<V extends object>(known: V, changed: Partial<V>, theirs: V): Collision<V>[] {
  return (Object.keys(changed) as (keyof V & string)[])
    .filter((name) => !same(known[name], theirs[name]) && !same(changed[name], theirs[name]))
    .map((name) => ({ name, before: known[name], mine: changed[name], theirs: theirs[name] }));
}

/** undefined if one of them cannot be joined. */
function joinAll<V extends object>(fields: Collision<V>[], join: EditOptions<unknown, V>['join'] = {}): Partial<V> | undefined {
  const joined: Partial<V> = {};
  for (const { name, before, mine, theirs } of fields) {
    const value = join[name]?.(before as V[typeof name], mine as V[typeof name], theirs as V[typeof name]);
    if (value === undefined) {
      return undefined;
    }
    joined[name] = value;
  }
  return joined;
}

/** Values of forms are JSON. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
