import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { Form } from '../forms/fields';
import { worded } from '../forms/worded';
import { actions, type Configuration } from './types';

export interface LimitValues {
  configuration: Configuration;
}

/** What becomes of requests, and from how many in a second on. The API judges the three together, in one message: here it finds its field. */
export function LimitFields<V extends LimitValues>({ edit }: { edit: Form<V> }) {
  const configuration = edit.values.configuration;
  const { action, limit, redirect_uri: address } = configuration;
  const set = (change: Partial<Configuration>) => edit.set('configuration', { ...configuration, ...change } as V['configuration']);
  const fault = edit.fault('configuration');
  const wrong = fault && culprit(configuration);
  return (
    <>
      <NativeSelect
        label="Action"
        description={actions.find((a) => a.value === action)?.text}
        data={actions.map(({ value, label }) => ({ value, label }))}
        value={action}
        disabled={edit.readOnly}
        error={wrong === 'action' && fault}
        onChange={(e) => set({ action: e.currentTarget.value })}
      />
      {action !== 'allow' && (
        <NumberInput
          label="Requests per second"
          description="0 to 10,000; 0 lets none pass."
          value={limit ?? ''}
          min={0}
          clampBehavior="none"
          allowDecimal={false}
          thousandSeparator=","
          hideControls
          readOnly={edit.readOnly}
          error={wrong === 'limit' && worded(fault, 'Requests per second', 'a whole number from 0 to 10,000')}
          onChange={(value) => set({ limit: value === '' ? undefined : Number(value) })}
        />
      )}
      {action === 'redirect' && (
        <TextInput
          label="Redirect to"
          placeholder="https://example.com/too-many"
          value={address ?? ''}
          readOnly={edit.readOnly}
          error={wrong === 'redirect_uri' && worded(fault, 'Redirect to', 'an address that begins with https://')}
          onChange={(e) => set({ redirect_uri: e.currentTarget.value })}
        />
      )}
    </>
  );
}

/** Which of the properties the API cannot take. */
function culprit({ action, limit = Number.NaN }: Configuration): keyof Configuration {
  if (action !== 'allow' && !(Number.isInteger(limit) && limit >= 0 && limit <= mostRequests)) {
    return 'limit';
  }
  return action === 'redirect' ? 'redirect_uri' : 'action';
}

/** In a second, the API's limit of limits. */
const mostRequests = 10_000;

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
