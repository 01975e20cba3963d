import { NativeSelect, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import type { Form } from '../forms/fields';
import { worded } from '../forms/worded';
import { keyOf, type Values } from './form';
import { type Signal, type SignalName, signals } from './types';

interface CriteriaFieldsProps {
  edit: Form<Values>;
  side: 'match' | 'not_match';
}

/** The API takes no more values of one signal. */
const most = 20;

/** The signals that have values, and a way to add one more. */
export function CriteriaFields({ edit, side }: CriteriaFieldsProps) {
  const [added, setAdded] = useState<SignalName[]>([]);
  const all: readonly Signal[] = signals;
  const used = (s: Signal) => edit.values[keyOf(side, s.name)].length > 0 || added.includes(s.name);
  const shown = all.filter(used);
  const rest = all.filter((s) => !used(s));
  const label = side === 'match' ? 'Add a criterion' : 'Add an exception';
  return (
    <>
      {shown.map((signal) => (
        <SignalField key={signal.name} edit={edit} name={keyOf(side, signal.name)} signal={signal} />
      ))}
      {shown.length === 0 && edit.readOnly && <Text c="dimmed">Nothing.</Text>}
      {!edit.readOnly && rest.length > 0 && (
        <NativeSelect
          aria-label={label}
          w="fit-content"
          error={
            side === 'match' &&
            edit.fault('rule.match') &&
            'Add a criterion or an exception: without any, the rule would be about every request.'
          }
          value=""
          onChange={(e) => setAdded([...added, e.currentTarget.value as SignalName])}
          data={[{ value: '', label: `${label} …` }, ...rest.map(({ name, label }) => ({ value: name, label }))]}
        />
      )}
    </>
  );
}

/** What is wrong with one of the values, and with which. */
function faultOf(edit: Form<Values>, name: ReturnType<typeof keyOf>, { name: signal, label, rule }: Signal): string | undefined {
  const fault = edit.faultAt(name);
  if (!fault) {
    return signal === 'auth0_managed' ? edit.fault('rule.auth0_managed') : undefined;
  }
  const value = (fault.sent as string[])[Number(/\[(\d+)\]$/.exec(fault.path)?.[1])];
  return worded(fault.text, value === undefined ? label : `“${value}”`, rule && `not ${rule}`);
}

interface SignalFieldProps {
  edit: Form<Values>;
  name: ReturnType<typeof keyOf>;
  signal: Signal;
}

function SignalField({ edit, name, signal }: SignalFieldProps) {
  const values = edit.values[name];
  const separators = signal.spaced ? [] : [',', ' '];
  const set = (typed: string[]) => {
    const parts = signal.spaced ? typed : typed.flatMap((text) => text.split(/[,\s]+/).filter(Boolean));
    edit.set(name, [...new Set(parts)]);
  };
  return (
    <TagsInput
      label={signal.label}
      description={signal.kept ? 'Stored; writ cannot check it. Where it would decide, the rule does nothing.' : undefined}
      placeholder={values.length > 0 || edit.readOnly ? undefined : signal.placeholder}
      value={values}
      onChange={set}
      error={faultOf(edit, name, signal)}
      readOnly={edit.readOnly}
      clearable={!edit.readOnly}
      clearButtonProps={{ 'aria-label': `Clear: ${signal.label}` }}
      maxTags={most}
      splitChars={separators}
    />
  );
}
