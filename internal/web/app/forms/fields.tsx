import { NativeSelect, NumberInput, PasswordInput, Switch, Textarea, TextInput } from '@mantine/core';
import type { Edit } from './edit';

// The fields of a form over useEdit or useCreation: value, the API's message and whether the role may write, tied to one property.

/** What a field needs of its form. */
export type Form<V extends object> = Pick<Edit<V>, 'values' | 'set' | 'fault' | 'readOnly'>;

export interface FieldProps<V extends object> {
  edit: Form<V>;
  name: keyof V & string;
  label: string;
  description?: React.ReactNode;
}

export function TextField<V extends object>({
  edit,
  name,
  lines,
  maxLength,
  placeholder,
  ...rest
}: FieldProps<V> & { lines?: number; maxLength?: number; placeholder?: string }) {
  const props = {
    ...rest,
    name,
    maxLength,
    placeholder,
    value: String(edit.values[name] ?? ''),
    error: edit.fault(name),
    readOnly: edit.readOnly,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      edit.set(name, event.currentTarget.value as V[typeof name]),
  };
  return lines ? <Textarea {...props} minRows={lines} autosize /> : <TextInput {...props} />;
}

/** A secret that is typed, hidden unless somebody asks to see it. */
export function SecretTextField<V extends object>({ edit, name, placeholder, label, ...rest }: FieldProps<V> & { placeholder?: string }) {
  return (
    <PasswordInput
      {...rest}
      label={label}
      name={name}
      placeholder={placeholder}
      autoComplete="off"
      data-1p-ignore
      spellCheck={false}
      value={String(edit.values[name] ?? '')}
      error={edit.fault(name)}
      readOnly={edit.readOnly}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label}`, tabIndex: 0 }}
      onChange={(event) => edit.set(name, event.currentTarget.value as V[typeof name])}
    />
  );
}

export function NumberField<V extends object>({ edit, name, suffix, ...rest }: FieldProps<V> & { suffix?: string }) {
  return (
    <NumberInput
      {...rest}
      name={name}
      value={edit.values[name] as number}
      suffix={suffix}
      min={0}
      allowDecimal={false}
      thousandSeparator=","
      hideControls
      error={edit.fault(name)}
      readOnly={edit.readOnly}
      onChange={(value) => edit.set(name, value as V[typeof name])}
    />
  );
}

export function SelectField<V extends object>({ edit, name, data, ...rest }: FieldProps<V> & { data: { value: string; label: string }[] }) {
  return (
    <NativeSelect
      {...rest}
      name={name}
      data={data}
      value={String(edit.values[name] ?? '')}
      error={edit.fault(name)}
      disabled={edit.readOnly}
      onChange={(event) => edit.set(name, event.currentTarget.value as V[typeof name])}
    />
  );
}

export function SwitchField<V extends object>({ edit, name, ...rest }: FieldProps<V>) {
  return (
    <Switch
      {...rest}
      name={name}
      checked={Boolean(edit.values[name])}
      error={edit.fault(name)}
      disabled={edit.readOnly}
      onChange={(event) => edit.set(name, event.currentTarget.checked as V[typeof name])}
    />
  );
}
