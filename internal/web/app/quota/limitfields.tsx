import { type Form, NumberField, SwitchField } from '../forms/fields';
import type { LimitValues } from './types';

/** The keys of a form that has a quota: the properties that the API names in its messages. */
export type QuotaKeys<P extends string> = {
  [K in keyof LimitValues as `${P}.client_credentials.${K}`]: LimitValues[K];
};

/** A quota's values, each under its key. */
export function keyed<P extends string>(path: P, { enforce, per_hour, per_day }: LimitValues): QuotaKeys<P> {
  const base = `${path}.client_credentials`;
  return { [`${base}.enforce`]: enforce, [`${base}.per_hour`]: per_hour, [`${base}.per_day`]: per_day } as QuotaKeys<P>;
}

/** The quota's values of a form. */
export function unkeyed<P extends string>(path: P, values: QuotaKeys<P>): LimitValues {
  const all = values as Record<string, unknown>;
  const value = (name: string) => all[`${path}.client_credentials.${name}`];
  return { enforce: Boolean(value('enforce')), per_hour: value('per_hour') as number | '', per_day: value('per_day') as number | '' };
}

/** The three properties of a quota. */
export function LimitFields<P extends string, V extends QuotaKeys<P> & object>({ edit, path }: { edit: Form<V>; path: P }) {
  const key = (name: keyof LimitValues) => `${path}.client_credentials.${name}` as keyof V & string;
  const { per_hour, per_day } = unkeyed(path, edit.values);
  return (
    <>
      <NumberField edit={edit} name={key('per_hour')} label="Tokens per hour" description="Leave it empty for no limit." />
      <NumberField edit={edit} name={key('per_day')} label="Tokens per day" description="A day of UTC. Leave it empty for no limit." />
      {(per_hour !== '' || per_day !== '') && (
        <SwitchField
          edit={edit}
          name={key('enforce')}
          label="Enforce"
          description="Off: requests beyond the quota are granted, and the log warns of them."
        />
      )}
    </>
  );
}
