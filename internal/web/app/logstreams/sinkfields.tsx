import { type Form, SecretTextField, SelectField, SwitchField, TextField } from '../forms/fields';
import { PairsField } from '../forms/pairs';
import { CopyField } from '../ui/copy';
import { FieldLabel } from '../ui/fieldlabel';
import type { Values } from './form';
import type { SinkField, SinkType } from './sinks';
import type { Sink } from './types';

/** As many as the API takes. */
const mostHeaders = 20;

interface SinkFieldsProps {
  type: SinkType;
  edit: Form<Values>;
  /** As it is kept: for what the server fills in. */
  sink?: Sink;
}

/** The properties of a sink. */
export function SinkFields({ type, edit, sink }: SinkFieldsProps) {
  return type.fields.map((field) => <Property key={field.name} field={field} edit={edit} given={sink?.[field.name]} />);
}

function Property({ field, edit, given }: { field: SinkField; edit: Form<Values>; given: unknown }) {
  const props = {
    edit,
    name: `sink.${field.name}`,
    label: field.label,
    description: field.description,
    placeholder: field.placeholder,
    rule: field.rule,
  } as const;
  switch (field.kind) {
    case 'text':
      return <TextField {...props} />;
    case 'secret':
      return <SecretTextField {...props} />;
    case 'switch':
      return <SwitchField {...props} />;
    case 'select':
      return <SelectField {...props} data={[...(field.optional ? [{ value: '', label: 'Default' }] : []), ...(field.choices ?? [])]} />;
    case 'headers':
      return (
        <div>
          <FieldLabel gap={6}>{field.label}</FieldLabel>
          <PairsField edit={edit} name={props.name} limit={mostHeaders} noun="header" rule={field.rule} />
        </div>
      );
    case 'given':
      return given ? <CopyField label={field.label} value={String(given)} description="Given by the server." /> : null;
  }
}
