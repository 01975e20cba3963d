import { NativeSelect, NumberInput, PasswordInput, Switch, Textarea, TextInput } from '@mantine/core';
import type { Edit } from './edit';
import { worded } from './worded';

// The fields of a form over useEdit or useCreation: value, the API's message and whether the role may write, tied to one property.

/** What a field needs of its form. */
export type Form<V extends object> = Pick<Edit<V>, 'values' | 'set' | 'fault' | 'faultAt' | 'readOnly'>;

export interface FieldProps<V extends object> {
  edit: Form<V>;
  name: keyof V & string;
  label: string;
  description?: React.ReactNode;
  /** What the field takes, for the message where something else was typed: see worded. */
  rule?: string;
}

/** What is wrong with a field, in words. */
function faultIn<V extends object>({ edit, name, label, rule }: FieldProps<V>): string | undefined {
  return worded(edit.fault(name), label, rule);
}

interface TextFieldProps<V extends object> extends FieldProps<V> {
  lines?: number;
  maxLength?: number;
  placeholder?: string;
  /** For machines: not corrected, not completed. */
  code?: boolean;
  /** What is typed becomes lower case. */
  lower?: boolean;
  /** Has the cursor where a dialog opens. */
  first?: boolean;
}

export function TextField<V extends object>(field: TextFieldProps<V>) {
  const { edit, name, label, description, lines, maxLength, placeholder, code, lower, first } = field;
  const props = {
    name,
    label,
    description,
    maxLength,
    placeholder,
    value: String(edit.values[name] ?? ''),
    error: faultIn(field),
    readOnly: edit.readOnly,
    'data-autofocus': first,
    ...(code && { autoComplete: 'off', spellCheck: false }),
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      const { value } = event.currentTarget;
      edit.set(name, (lower ? value.toLowerCase() : value) as V[typeof name]);
    },
  };
  return lines ? <Textarea {...props} minRows={lines} autosize /> : <TextInput {...props} />;
}

/** A secret that is typed, hidden unless somebody asks to see it. */
export function SecretTextField<V extends object>(field: FieldProps<V> & { placeholder?: string }) {
  const { edit, name, placeholder, label, description } = field;
  return (
    <PasswordInput
      label={label}
      description={description}
      name={name}
      placeholder={placeholder}
      autoComplete="off"
      data-1p-ignore
      spellCheck={false}
      value={String(edit.values[name] ?? '')}
      error={faultIn(field)}
      readOnly={edit.readOnly}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label}`, tabIndex: 0 }}
      onChange={(event) => edit.set(name, event.currentTarget.value as V[typeof name])}
    />
  );
}

export function NumberField<V extends object>(field: FieldProps<V> & { suffix?: string }) {
  const { edit, name, suffix, label, description } = field;
  return (
    <NumberInput
      label={label}
      description={description}
      name={name}
      value={edit.values[name] as number}
      suffix={suffix}
      min={0}
      clampBehavior="none" // what was typed stays; the API says what is wrong with it
      allowDecimal={false}
      thousandSeparator=","
      hideControls
      error={faultIn(field)}
      readOnly={edit.readOnly}
      onChange={(value) => edit.set(name, value as V[typeof name])}
    />
  );
}

export function SelectField<V extends object>(field: FieldProps<V> & { data: readonly { value: string; label: string }[] }) {
  const { edit, name, data, label, description } = field;
  return (
    <NativeSelect
      label={label}
      description={description}
      name={name}
      data={[...data]}
      value={String(edit.values[name] ?? '')}
      error={faultIn(field)}
      disabled={edit.readOnly}
      onChange={(event) => edit.set(name, event.currentTarget.value as V[typeof name])}
    />
  );
}

export function SwitchField<V extends object>(field: FieldProps<V>) {
  const { edit, name, label, description } = field;
  return (
    <Switch
      label={label}
      description={description}
      name={name}
      checked={Boolean(edit.values[name])}
      error={faultIn(field)}
      disabled={edit.readOnly}
      onChange={(event) => edit.set(name, event.currentTarget.checked as V[typeof name])}
    />
  );
}
