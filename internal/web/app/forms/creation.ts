import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../api/errors';
import { useAction } from '../api/hooks';
import type { Question } from '../ui/ask';
import { type Placing, placedFaults } from './faults';
import type { Form } from './fields';
import { useFirstFault } from './firstfault';
import { useGuard } from './guard';

export interface Creation<V extends object> extends Form<V> {
  /** A failure that belongs to no single field of the form. */
  error?: ApiError;
  busy: boolean;
  submit: () => void;
}

const sending: Question = {
  title: 'Leave while it is being created?',
  text: 'It may be created all the same.',
  yes: 'Leave',
  no: 'Stay',
  danger: true,
};

/**
 * A form of something that is not there yet; its keys are the API's properties. What was typed survives every failure, and is not left
 * without asking. done is called once it is made, when it can be left.
 */
export function useCreation<V extends object, R>(
  initial: V,
  create: (values: V) => Promise<R>,
  done: (made: R) => unknown,
  options: Placing = {},
): Creation<V> {
  const [values, setValues] = useState(initial);
  const [typed, setTyped] = useState(false);
  const [made, setMade] = useState<R>();
  const latest = useRef(done);
  latest.current = done;
  const sent = useRef(initial);
  const action = useAction(async () => {
    sent.current = values;
    setMade(await create(values));
  });
  useGuard(typed && made === undefined, action.busy ? sending : undefined);
  useFirstFault(action.error);
  useEffect(() => {
    if (made !== undefined) {
      latest.current(made); // the guard is gone by now
    }
  }, [made]);

  const set = useCallback(<K extends keyof V & string>(name: K, value: V[K]) => {
    setValues((old) => ({ ...old, [name]: value }));
    setTyped(true);
  }, []);
  return {
    values,
    set,
    ...placedFaults(action.error, sent.current, options),
    readOnly: false,
    busy: action.busy,
    submit: () => void action.run(),
  };
}
