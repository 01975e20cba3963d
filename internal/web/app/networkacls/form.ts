import { type Action, type ActionName, actionOf, type Criteria, type NetworkACL, type SignalName, signals } from './types';

type Side = 'match' | 'not_match';

/** An ACL as a form edits it. Its keys are the properties that the API names in its messages; each signal is a list of texts. */
export type Values = {
  description: string;
  active: boolean;
  priority: number | '';
  'rule.scope': string;
  'rule.action': { name: ActionName; redirect_uri: string };
} & Record<`rule.${Side}.${SignalName}`, string[]>;

/** What the API says of the rule as a whole, and of the lists of Auth0 on whichever side they are. */
export const places = ['rule.match', 'rule.auth0_managed'];

/** The form's name of a signal. */
export function keyOf(side: Side, signal: SignalName): `rule.${Side}.${SignalName}` {
  return `rule.${side}.${signal}`;
}

export function read({ description, active, priority, rule }: NetworkACL): Values {
  return {
    description,
    active,
    priority,
    'rule.scope': rule.scope,
    'rule.action': { name: actionOf(rule.action), redirect_uri: rule.action.redirect_uri ?? '' },
    ...textsOf('match', rule.match),
    ...textsOf('not_match', rule.not_match),
  };
}

function textsOf(side: Side, criteria: Criteria = {}) {
  const entries = signals.map(({ name }) => [keyOf(side, name), (criteria[name] ?? []).map(String)]);
  return Object.fromEntries(entries) as Record<`rule.${Side}.${SignalName}`, string[]>;
}

/** A new ACL. It is not active, so that it can be read once more before it decides anything. */
export function blank(priority: number): Values {
  return {
    description: '',
    active: false,
    priority,
    'rule.scope': 'authentication',
    'rule.action': { name: 'block', redirect_uri: '' },
    ...textsOf('match'),
    ...textsOf('not_match'),
  };
}

/** The body of a POST; in a PATCH, of what was changed: the rule as a whole, where a part of it was. */
export function bodyOf(all: Values, changed: Partial<Values> = all): unknown {
  return {
    ...(changed.description !== undefined && { description: all.description }),
    ...(changed.active !== undefined && { active: all.active }),
    ...(changed.priority !== undefined && { priority: all.priority === '' ? undefined : all.priority }),
    ...(Object.keys(changed).some((name) => name.startsWith('rule.')) && { rule: ruleOf(all) }),
  };
}

function ruleOf(values: Values) {
  const match = criteriaOf('match', values);
  const notMatch = criteriaOf('not_match', values);
  const { name, redirect_uri } = values['rule.action'];
  const action: Action = { [name]: true, ...(name === 'redirect' && redirect_uri && { redirect_uri }) };
  return { scope: values['rule.scope'], action, ...(match && { match }), ...(notMatch && { not_match: notMatch }) };
}

function criteriaOf(side: Side, values: Values): Criteria | undefined {
  const criteria: Criteria = {};
  for (const { name } of signals) {
    const texts = values[keyOf(side, name)];
    if (texts.length > 0) {
      // A number that is none is sent as it was typed: the API says so.
      criteria[name] = name === 'asns' ? texts.map((t) => (/^\d+$/.test(t) ? Number(t) : t)) : texts;
    }
  }
  return Object.keys(criteria).length > 0 ? criteria : undefined;
}
