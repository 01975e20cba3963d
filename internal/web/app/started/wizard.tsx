import { Alert, Anchor, Button, Group, NativeSelect, NumberInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useResource } from '../api/hooks';
import type { ResourceServer } from '../api/types';
import { faultOf } from '../forms/edit';
import { useGuard } from '../forms/guard';
import type { ViewProps } from '../pages';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconInfoCircle } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ScopePicker } from '../ui/scopes';
import { EmptyState, NoPermission } from '../ui/states';
import { duration } from '../ui/time';
import { Outcome } from './outcome';
import { type Act, carryOut, type Made, planOf, type Wish, wishOf } from './plan';
import { PlanList } from './planlist';
import classes from './started.module.css';
import { type UseCase, useCases } from './usecases';

const needed = ['create:clients', 'create:client_grants', 'read:resource_servers'];

/** One of the seven ways: asks for what is not known, shows what will be made, makes it. */
export default function Wizard({ params }: ViewProps) {
  const { api, href } = useTenant();
  const back = { href: href('/start'), label: 'Getting started' };
  const useCase = useCases.find((u) => u.id === params.use);
  if (!useCase) {
    return <EmptyState title="There is no such way">Choose one under Getting started.</EmptyState>;
  }
  return (
    <>
      <PageHeader title={useCase.title} back={back} help="dashboard.md#getting-started">
        {useCase.text}
      </PageHeader>
      {needed.every((scope) => api.can(scope)) ? <Form key={useCase.id} useCase={useCase} /> : <NoPermission scopes={needed} />}
    </>
  );
}

function Form({ useCase }: { useCase: UseCase }) {
  const { api } = useTenant();
  const mayRegister = api.can('create:resource_servers');
  const [wish, setWish] = useState<Wish>(() => wishOf(useCase));
  const [made, setMade] = useState<Made>({});
  const [running, setRunning] = useState<Act>();
  const create = useAction(async () => {
    await carryOut(api, wish, made, (now, next) => {
      setMade(now);
      setRunning(next);
    });
  });
  const set = (change: Partial<Wish>) => setWish((old) => ({ ...old, ...change }));
  const acts = planOf(wish, made);
  const finished = acts.every((act) => made[act.id] !== undefined);
  const started = Object.keys(made).length > 0;
  useGuard(started && !finished);

  const faults = running?.id === 'grant' ? {} : (create.error?.fields ?? {});
  const complete =
    wish.application.trim() !== '' && (wish.existing !== null || (mayRegister && wish.name.trim() && wish.identifier.trim()));
  const called = wish.existing ?? made.api;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create.run();
        }}
      >
        <Panel title="What calls">
          <TextInput
            label="Application"
            description="The program that asks for tokens."
            value={wish.application}
            onChange={(e) => set({ application: e.currentTarget.value })}
            error={running?.id === 'application' ? faultOf(faults, 'name') : undefined}
            disabled={made.application !== undefined}
            maw={480}
          />
          <Alert mt="md" color="gray" icon={<IconInfoCircle />} title="How it proves who it is">
            {useCase.authentication}
          </Alert>
        </Panel>
        <Panel title="What is called">
          <Stack gap="md" maw={640}>
            <APIChoice wish={wish} set={set} mayRegister={mayRegister} disabled={made.api !== undefined || made.grant !== undefined} />
            {wish.existing ? (
              <ExistingAPI rs={wish.existing} useCase={useCase} wish={wish} set={set} />
            ) : (
              mayRegister && <NewAPI wish={wish} set={set} useCase={useCase} faults={faults} disabled={made.api !== undefined} />
            )}
          </Stack>
        </Panel>
        <Panel
          flush
          title="What will be made"
          description="By requests of the Management API, one after the other. If one fails, what was made stays, and you go on there."
        >
          <PlanList acts={acts} made={made} running={create.busy ? running?.id : undefined} error={create.error} failed={running?.id} />
          {!finished && (
            <Group p="1.1rem" pt="0.4rem">
              <Button type="submit" loading={create.busy} disabled={!complete}>
                {started || create.error ? 'Go on' : 'Create'}
              </Button>
              <BackLink />
            </Group>
          )}
        </Panel>
      </form>
      {finished && made.application && called && (
        <div className={classes.outcome}>
          <Outcome made={made} application={made.application} api={called} language={useCase.language} />
        </div>
      )}
    </>
  );
}

function BackLink() {
  const { href } = useTenant();
  return (
    <Anchor component={Link} href={href('/start')} size="sm">
      Another way
    </Anchor>
  );
}

interface PartProps {
  wish: Wish;
  set: (change: Partial<Wish>) => void;
}

/** A new API, or one that there is. */
function APIChoice({ wish, set, mayRegister, disabled }: PartProps & { mayRegister: boolean; disabled: boolean }) {
  const { data } = useResource<ResourceServer[]>('resource-servers?per_page=100');
  const apis = (data ?? []).filter((a) => !a.is_system);
  return (
    <Select
      label="API"
      placeholder={mayRegister ? 'A new one' : 'Choose an API'}
      description={mayRegister ? 'A new one, or one that is registered already.' : 'Your role registers no new ones.'}
      searchable
      clearable
      disabled={disabled}
      value={wish.existing?.id ?? null}
      onChange={(id) => set({ existing: apis.find((a) => a.id === id) ?? null, scope: [] })}
      data={apis.map((a) => ({ value: a.id, label: a.name ?? a.identifier }))}
      nothingFoundMessage="No API of this name"
    />
  );
}

function ExistingAPI({ rs, useCase, wish, set }: PartProps & { rs: ResourceServer; useCase: UseCase }) {
  const { href } = useTenant();
  const longer = rs.token_lifetime > useCase.lifetime;
  return (
    <>
      <Text size="sm" c="dimmed">
        Its tokens live {duration(rs.token_lifetime)}.{' '}
        {longer && (
          <>
            For this, {duration(useCase.lifetime)} would be better:{' '}
            <Anchor component={Link} href={href(`/apis/${rs.id}`)} inherit>
              change it
            </Anchor>{' '}
            if its other applications allow.
          </>
        )}
      </Text>
      <ScopePicker scopes={rs.scopes ?? []} chosen={wish.scope} onChange={(scope) => set({ scope })} />
    </>
  );
}

const lifetimes = [300, 900, 3600, 14_400, 86_400];

function NewAPI({
  wish,
  set,
  useCase,
  faults,
  disabled,
}: PartProps & { useCase: UseCase; faults: Record<string, string>; disabled: boolean }) {
  return (
    <>
      <TextInput
        label="Name"
        value={wish.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
        error={faultOf(faults, 'name')}
        disabled={disabled}
      />
      <TextInput
        label="Identifier"
        description="The audience of its tokens. A URL that you own is best; it is never called, and cannot be changed."
        value={wish.identifier}
        onChange={(e) => set({ identifier: e.currentTarget.value })}
        error={faultOf(faults, 'identifier')}
        disabled={disabled}
        spellCheck={false}
      />
      <TagsInput
        label="Permissions"
        description="What is done to what: read:timesheets. The application gets all of them; add others to the API later."
        placeholder={wish.scope.length === 0 ? useCase.api.scope : undefined}
        value={wish.scope}
        onChange={(scope) => set({ scope })}
        splitChars={[',', ' ']}
        error={faultOf(faults, 'scopes')}
        disabled={disabled}
        acceptValueOnBlur
      />
      <Lifetime wish={wish} set={set} useCase={useCase} fault={faultOf(faults, 'token_lifetime')} disabled={disabled} />
    </>
  );
}

function Lifetime({ wish, set, useCase, fault, disabled }: PartProps & { useCase: UseCase; fault?: string; disabled: boolean }) {
  const [own, setOwn] = useState(false);
  const choose = (value: string) => {
    setOwn(value === 'own');
    if (value !== 'own') {
      set({ lifetime: Number(value) });
    }
  };
  return (
    <>
      <NativeSelect
        label="Life of a token"
        description={useCase.lifetimeWhy}
        value={own ? 'own' : String(wish.lifetime)}
        onChange={(e) => choose(e.currentTarget.value)}
        data={[...lifetimes.map((n) => ({ value: String(n), label: duration(n) })), { value: 'own', label: 'Another …' }]}
        error={own ? undefined : fault}
        disabled={disabled}
      />
      {own && (
        <NumberInput
          label="Seconds"
          value={wish.lifetime}
          onChange={(n) => set({ lifetime: Number(n) || 0 })}
          min={0}
          allowDecimal={false}
          hideControls
          error={fault}
          disabled={disabled}
        />
      )}
    </>
  );
}
