import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ApiError } from '../api/errors';
import { asApiError, type Resource } from '../api/hooks';
import { useTenant } from '../shell/tenant';
import { useGuard } from './guard';

export interface EditOptions<R, V extends object> {
  resource: Resource<R>;
  /** Where the object is read and patched. */
  path: string;
  /** The object as the form shows it. Its keys are the API's properties. Must be a module's function, so that it never changes. */
  read: (object: R) => V;
  /** The PATCH body of the values that were changed. Default: those values. */
  write?: (changed: Partial<V>, all: V) => unknown;
  readOnly?: boolean;
}

/** Somebody else has saved other values of the same properties since this form read them. */
export interface EditConflict<V> {
  fields: { name: keyof V & string; mine: unknown; theirs: unknown }[];
  keepMine: () => void;
  takeTheirs: () => void;
}

export interface Edit<V extends object> {
  values: V;
  set: <K extends keyof V & string>(name: K, value: V[K]) => void;
  /** The API's message about one property, or about a part of it. */
  fault: (name: keyof V & string) => string | undefined;
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
export function useEdit<R, V extends object>({ resource, path, read, write, readOnly = false }: EditOptions<R, V>): Edit<V> {
  const { api } = useTenant();
  const loaded = resource.data;
  // What the typed values are compared with. It follows what is read, unless a save has found something newer.
  const [base, setBase] = useState<V>(() => read(loaded as R));
  const [changes, setChanges] = useState<Partial<V>>({});
  const [state, setState] = useState<{ busy: boolean; error?: ApiError; conflict?: EditConflict<V> }>({ busy: false });
  const saving = useRef(false);

  useEffect(() => {
    if (loaded !== undefined) {
      setBase(read(loaded));
    }
  }, [loaded, read]);

  const values = useMemo(() => ({ ...base, ...changes }), [base, changes]);
  const changed = useMemo(() => changesFrom(base, changes), [base, changes]);
  const dirty = Object.keys(changed).length > 0;
  useGuard(dirty);

  const set = useCallback(<K extends keyof V & string>(name: K, value: V[K]) => {
    setChanges((old) => ({ ...old, [name]: value }));
  }, []);

  const discard = useCallback(() => {
    setChanges({});
    setState({ busy: false });
  }, []);

  const submit = async (known: V) => {
    if (saving.current) {
      return;
    }
    saving.current = true;
    setState({ busy: true });
    try {
      const theirs = read(await api.get<R>(path));
      const fields = collisions(known, changed, theirs);
      if (fields.length > 0) {
        setState({ busy: false, conflict: { fields, keepMine: () => accept(theirs, true), takeTheirs: () => accept(theirs, false) } });
        return;
      }
      const saved = await api.patch<R>(path, write ? write(changed, values) : changed);
      setChanges({});
      setBase(read(saved));
      resource.set(saved);
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error: asApiError(error) });
    } finally {
      saving.current = false;
    }
  };

  const accept = (theirs: V, mine: boolean) => {
    setBase(theirs);
    setState({ busy: false });
    if (mine) {
      void submit(theirs);
    } else {
      setChanges(
        (old) =>
          Object.fromEntries(Object.entries(old).filter(([name]) => same(base[name as keyof V], theirs[name as keyof V]))) as Partial<V>,
      );
    }
  };

  const faults = state.error?.fields ?? {};
  const fault = (name: string) => faultOf(faults, name);
  const placed = Object.keys(values).some((name) => fault(name) !== undefined);
  return {
    values,
    set,
    fault,
    dirty,
    readOnly,
    busy: state.busy,
    conflict: state.conflict,
    discard,
    error: placed ? undefined : state.error,
    save: () => void submit(base),
  };
}

/** The fault of a property or of a part of it: `scopes[0].value` is one of scopes. */
export function faultOf(faults: Record<string, string>, name: string): string | undefined {
  const place = Object.keys(faults).find((path) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  return place === undefined ? undefined : faults[place];
}

function changesFrom<V extends object>(base: V, changes: Partial<V>): Partial<V> {
  return Object.fromEntries(Object.entries(changes).filter(([name, value]) => !same(value, base[name as keyof V]))) as Partial<V>;
}

function collisions<V extends object>(known: V, changed: Partial<V>, theirs: V): EditConflict<V>['fields'] {
  return (Object.keys(changed) as (keyof V & string)[])
    .filter((name) => !same(known[name], theirs[name]) && !same(changed[name], theirs[name]))
    .map((name) => ({ name, mine: changed[name], theirs: theirs[name] }));
}

/** Values of forms are JSON. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
