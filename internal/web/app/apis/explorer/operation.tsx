import { Alert, Badge, Button, Code, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/hooks';
import { useGuard } from '../../forms/guard';
import { useTenant } from '../../shell/tenant';
import { ActionError } from '../../ui/actionerror';
import { type Question, useAsk } from '../../ui/ask';
import { CodeBlock } from '../../ui/code';
import { Panel } from '../../ui/panel';
import { Answer, type Answered, readAnswer } from './answer';
import { destroys, type Operation, type Parameter, type Schema, skeleton, typeName } from './document';
import classes from './explorer.module.css';
import { Method } from './method';
import { curl, type Draft, faultsOf, write } from './request';

/** One operation: what it takes, and what it answers. */
export function OperationView({ operation }: { operation: Operation }) {
  const { api, membership } = useTenant();
  const ask = useAsk();
  const [draft, setDraft] = useState<Draft>(() => ({ values: {}, body: operation.body ? skeleton(operation.body) : '' }));
  const [kept, setKept] = useState(draft.body); // as it began, or as it was sent
  const [tried, setTried] = useState(false);
  const [answered, setAnswered] = useState<Answered>();
  const faults = faultsOf(operation, draft);
  const send = useAction(async () => {
    setTried(true);
    if (Object.keys(faults).length > 0 || (destroys(operation) && !(await ask(warning(operation))))) {
      return;
    }
    setAnswered(undefined);
    const { path, body } = write(operation, draft);
    setAnswered(await readAnswer(await api.request(path, { method: operation.method, body })));
    setKept(draft.body);
  });
  useGuard(draft.body !== kept, unsent);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send.run();
      }}
    >
      <Panel
        title={operation.summary}
        description={
          <span className={classes.line}>
            <Method name={operation.method} />
            <code>/api/v2{operation.path}</code>
          </span>
        }
      >
        <Stack gap="md">
          <Scopes operation={operation} />
          <Fields operation={operation} draft={draft} setDraft={setDraft} faults={tried ? faults : {}} />
          <CodeBlock label="The same in a shell" code={curl(membership.domain, operation, draft)} />
          <ActionError error={send.error} />
          <Group>
            <Button type="submit" loading={send.busy} color={destroys(operation) ? 'red' : undefined}>
              Send
            </Button>
            <Text size="sm" c="dimmed">
              As you, with what your role allows. {operation.method !== 'GET' && 'It is done for real, and stands in the log.'}
            </Text>
          </Group>
        </Stack>
      </Panel>
      {answered && <Answer answered={answered} />}
    </form>
  );
}

const unsent: Question = {
  title: 'Leave without sending?',
  text: 'The body that you have typed is not kept.',
  yes: 'Leave',
  no: 'Stay',
  danger: true,
};

function warning(operation: Operation) {
  return {
    title: `${operation.summary}?`,
    text: `${operation.method} ${operation.path} takes something away, or stops what works. It is done for real.`,
    yes: 'Send',
    danger: true,
  };
}

function Scopes({ operation: { scopes } }: { operation: Operation }) {
  const { api } = useTenant();
  if (scopes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No permission is needed.
      </Text>
    );
  }
  return (
    <>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {scopes.length > 1 ? 'Needs one of' : 'Needs'}
        </Text>
        {scopes.map((scope) => (
          <Badge key={scope} color="gray" ff="monospace">
            {scope}
          </Badge>
        ))}
      </Group>
      {!api.can(...scopes) && <Alert color="yellow">Your role does not include this. The answer will be 403.</Alert>}
    </>
  );
}

interface FieldsProps {
  operation: Operation;
  draft: Draft;
  setDraft: (draft: Draft) => void;
  faults: Record<string, string>;
}

function Fields({ operation, draft, setDraft, faults }: FieldsProps) {
  return (
    <>
      {operation.parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={draft.values[parameter.name] ?? ''}
          fault={faults[parameter.name]}
          set={(value) => setDraft({ ...draft, values: { ...draft.values, [parameter.name]: value } })}
        />
      ))}
      {operation.body && <BodyField schema={operation.body} draft={draft} setDraft={setDraft} fault={faults.body} />}
    </>
  );
}

interface ParameterFieldProps {
  parameter: Parameter;
  value: string;
  set: (value: string) => void;
  fault?: string;
}

function ParameterField({ parameter, value, set, fault }: ParameterFieldProps) {
  const { name, description, required, schema } = parameter;
  const choices = schema.enum ?? (typeName(schema) === 'boolean' ? [true, false] : undefined);
  const label = (
    <>
      <code>{name}</code>{' '}
      <Text span size="xs" c="dimmed" fw={400}>
        {parameter.in}
        {required ? ', required' : ''}
      </Text>
    </>
  );
  const shared = { label, description, error: fault, 'aria-label': name };
  return choices ? (
    <NativeSelect
      {...shared}
      value={value}
      onChange={(e) => set(e.currentTarget.value)}
      data={[{ value: '', label: '–' }, ...choices.map((c) => ({ value: String(c), label: String(c) }))]}
    />
  ) : (
    <TextInput {...shared} value={value} onChange={(e) => set(e.currentTarget.value)} spellCheck={false} autoComplete="off" />
  );
}

interface BodyFieldProps {
  schema: Schema;
  draft: Draft;
  setDraft: (draft: Draft) => void;
  fault?: string;
}

function BodyField({ schema: body, draft, setDraft, fault }: BodyFieldProps) {
  const properties = Object.entries(body.properties ?? {});
  return (
    <div>
      <Textarea
        label="Body"
        description={body.description}
        value={draft.body}
        onChange={(e) => setDraft({ ...draft, body: e.currentTarget.value })}
        error={fault}
        autosize
        minRows={5}
        maxRows={24}
        spellCheck={false}
        classNames={{ input: classes.body }}
      />
      {properties.length > 0 && (
        <details className={classes.properties}>
          <summary>What it may have ({properties.length})</summary>
          <dl>
            {properties.map(([name, schema]) => (
              <div key={name}>
                <dt>
                  <Code>{name}</Code> <span>{typeName(schema)}</span>
                  {body.required?.includes(name) && <span>, required</span>}
                </dt>
                <dd>
                  {schema.description}
                  {schema.enum && <span> One of {schema.enum.map((v) => JSON.stringify(v)).join(', ')}.</span>}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
