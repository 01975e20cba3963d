import { NativeSelect, TextInput } from '@mantine/core';
import { type Form, NumberField, SelectField, SwitchField, TextField } from '../forms/fields';
import { worded } from '../forms/worded';
import { Section } from '../ui/panel';
import { CriteriaFields } from './criteria';
import type { Values } from './form';
import { type ActionName, actions, scopes } from './types';

/** All properties of an ACL. */
export function ACLFields({ edit }: { edit: Form<Values> }) {
  return (
    <>
      <Section title="General">
        <TextField edit={edit} name="description" label="Description" description="What the rule is for." maxLength={255} />
        <NumberField
          edit={edit}
          name="priority"
          label="Priority"
          description="1 to 100, each used once. Rules are looked at in this order, the lowest first."
        />
        <SwitchField edit={edit} name="active" label="Active" description="A rule that is not active decides nothing." />
      </Section>
      <Section
        title="What is done"
        description="The first rule that blocks, allows or redirects a request decides. What no rule decides may pass."
      >
        <SelectField edit={edit} name="rule.scope" label="Requests to" data={scopes} />
        <ActionFields edit={edit} />
      </Section>
      <Section title="Which requests" description="Those that fit one value of each criterion.">
        <CriteriaFields edit={edit} side="match" />
      </Section>
      <Section title="Except" description="Requests that fit any of these are left out.">
        <CriteriaFields edit={edit} side="not_match" />
      </Section>
    </>
  );
}

function ActionFields({ edit }: { edit: Form<Values> }) {
  const action = edit.values['rule.action'];
  const fault = edit.fault('rule.action');
  return (
    <>
      <NativeSelect
        label="Action"
        data={actions.map(({ value, label }) => ({ value, label }))}
        value={action.name}
        disabled={edit.readOnly}
        error={action.name === 'redirect' ? undefined : fault}
        onChange={(e) => edit.set('rule.action', { ...action, name: e.currentTarget.value as ActionName })}
      />
      {action.name === 'redirect' && (
        <TextInput
          label="Redirect to"
          placeholder="https://example.com/blocked"
          value={action.redirect_uri}
          readOnly={edit.readOnly}
          error={
            fault?.includes('requires a `redirect_uri`')
              ? 'Redirect to is required.'
              : worded(fault, 'Redirect to', 'an address such as https://example.com/blocked')
          }
          onChange={(e) => edit.set('rule.action', { ...action, redirect_uri: e.currentTarget.value })}
        />
      )}
    </>
  );
}
