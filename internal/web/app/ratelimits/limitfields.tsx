import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { Form } from '../forms/fields';
import { actions, type Configuration } from './types';

export interface LimitValues {
  configuration: Configuration;
}

/** What becomes of requests, and from how many in a second on. The API judges the three together: its message stands at the last of them. */
export function LimitFields<V extends LimitValues>({ edit }: { edit: Form<V> }) {
  const configuration = edit.values.configuration;
  const { action, limit, redirect_uri: address } = configuration;
  const set = (change: Partial<Configuration>) => edit.set('configuration', { ...configuration, ...change } as V['configuration']);
  const fault = edit.fault('configuration');
  return (
    <>
      <NativeSelect
        label="Action"
        description={actions.find((a) => a.value === action)?.text}
        data={actions.map(({ value, label }) => ({ value, label }))}
        value={action}
        disabled={edit.readOnly}
        error={action === 'allow' ? fault : undefined}
        onChange={(e) => set({ action: e.currentTarget.value })}
      />
      {action !== 'allow' && (
        <NumberInput
          label="Requests per second"
          description="0 to 10,000; 0 lets none pass."
          value={limit ?? ''}
          min={0}
          allowDecimal={false}
          thousandSeparator=","
          hideControls
          readOnly={edit.readOnly}
          error={action === 'redirect' ? undefined : fault}
          onChange={(value) => set({ limit: value === '' ? undefined : Number(value) })}
        />
      )}
      {action === 'redirect' && (
        <TextInput
          label="Redirect to"
          placeholder="https://example.com/too-many"
          value={address ?? ''}
          readOnly={edit.readOnly}
          error={fault}
          onChange={(e) => set({ redirect_uri: e.currentTarget.value })}
        />
      )}
    </>
  );
}

/** What the API takes of it: each action has properties of its own. */
export function configurationOf({ action, limit, redirect_uri }: Configuration): Configuration {
  switch (action) {
    case 'allow':
      return { action };
    case 'redirect':
      return { action, limit, redirect_uri };
    default:
      return { action, limit };
  }
}
