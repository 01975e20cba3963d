import { MultiSelect, NativeSelect } from '@mantine/core';
import { type Form, SwitchField } from '../forms/fields';
import { Section } from '../ui/panel';
import { categories, personalFields } from './filters';
import type { Values } from './form';

/** Which events a stream is for, and what is taken out of them. */
export function EventFields({ edit }: { edit: Form<Values> }) {
  const { filters, pii_config: personal } = edit.values;
  return (
    <>
      <Section title="Events" description="Which events the stream is for.">
        <MultiSelect
          label="Categories"
          description="None chosen: all events."
          placeholder={filters.length > 0 ? undefined : 'All events'}
          data={categories}
          value={filters}
          onChange={(v) => edit.set('filters', v)}
          error={edit.fault('filters')}
          readOnly={edit.readOnly}
          searchable
          clearable={!edit.readOnly}
        />
        <SwitchField edit={edit} name="isPriority" label="Priority stream" description="Goes before the others where events queue up." />
      </Section>
      <Section title="Personal data" description="What is taken out of events before they leave. Events of machines hold hardly any.">
        <MultiSelect
          label="Fields"
          placeholder={personal.fields.length > 0 ? undefined : 'None'}
          data={personalFields}
          value={personal.fields}
          onChange={(fields) => edit.set('pii_config', { ...personal, fields })}
          error={edit.fault('pii_config')}
          readOnly={edit.readOnly}
          clearable={!edit.readOnly}
        />
        {personal.fields.length > 0 && (
          <NativeSelect
            label="What is done to them"
            value={personal.method}
            disabled={edit.readOnly}
            onChange={(e) => edit.set('pii_config', { ...personal, method: e.currentTarget.value })}
            data={[
              { value: 'mask', label: 'Masked' },
              { value: 'hash', label: 'Hashed (xxhash): equal values stay equal' },
            ]}
          />
        )}
      </Section>
    </>
  );
}
