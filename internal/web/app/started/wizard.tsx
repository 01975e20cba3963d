import { Alert, Anchor, Button, Group, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { type Action, useAction } from '../api/hooks';
import { useGuard } from '../forms/guard';
import type { ViewProps } from '../pages';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconInfoCircle } from '../ui/icons';
import { Panel } from '../ui/panel';
import { EmptyState, NoPermission } from '../ui/states';
import { APIFields } from './apifields';
import { carryOut, type Lost } from './carryout';
import { missing, type Refusal, refusalOf } from './faults';
import { Outcome } from './outcome';
import { type Act, type Made, planOf, type Wish, wishOf } from './plan';
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
      {needed.every((scope) => api.can(scope)) ? <Form key={useCase.id} useCase={useCase} /> : <NoPermission scopes={needed} every />}
    </>
  );
}

/** A wish, and how far it is fulfilled. */
interface Progress {
  wish: Wish;
  set: (change: Partial<Wish>) => void;
  made: Made;
  acts: Act[];
  /** What is being made, or failed. */
  at?: Act;
  create: Action<[]>;
  /** Why it failed, as far as nothing was changed about it since. */
  refusal?: Refusal;
  started: boolean;
  finished: boolean;
}

function useWish(useCase: UseCase): Progress {
  const { api } = useTenant();
  const [wish, setWish] = useState<Wish>(() => wishOf(useCase));
  const [typed, setTyped] = useState(false);
  const [made, setMade] = useState<Made>({});
  const [at, setAt] = useState<Act>();
  const [sent, setSent] = useState(wish);
  const lost = useRef<Lost>(new Set());
  const create = useAction(async () => {
    setSent(wish);
    await carryOut(api, wish, made, lost.current, (now, next) => {
      setMade(now);
      setAt(next);
    });
  });
  const acts = planOf(wish, made);
  const started = Object.keys(made).length > 0;
  const finished = acts.every((act) => made[act.id] !== undefined);
  useGuard((typed || started) && !finished);
  const set = (change: Partial<Wish>) => {
    setWish((old) => ({ ...old, ...change }));
    setTyped(true);
  };
  const refusal = create.error && refusalOf(create.error, at, sent, wish);
  return { wish, set, made, acts, at, create, refusal, started, finished };
}

function Form({ useCase }: { useCase: UseCase }) {
  const progress = useWish(useCase);
  const { wish, made, create, finished } = progress;
  const called = wish.existing ?? made.api;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create.run();
        }}
      >
        {!finished && <Fields useCase={useCase} progress={progress} />}
        <Plan progress={progress} />
      </form>
      {finished && made.application && called && (
        <div className={classes.outcome}>
          <Outcome made={made} application={made.application} api={called} language={useCase.language} />
        </div>
      )}
    </>
  );
}

function Fields({ useCase, progress: { wish, set, made, create, refusal } }: { useCase: UseCase; progress: Progress }) {
  const own = missing(wish);
  const said = refusal?.faults ?? {};
  const fault = (field: keyof Wish) => own[field] ?? said[field];
  return (
    <>
      <Panel title="What calls">
        <TextInput
          label="Application"
          description="The program that asks for tokens."
          value={wish.application}
          onChange={(e) => set({ application: e.currentTarget.value })}
          error={fault('application')}
          disabled={create.busy || made.application !== undefined}
          maw={480}
        />
        <Alert mt="md" color="gray" icon={<IconInfoCircle />} title="How it proves who it is">
          {useCase.authentication}
        </Alert>
      </Panel>
      <Panel title="What is called">
        <APIFields wish={wish} set={set} useCase={useCase} made={made} busy={create.busy} fault={fault} />
      </Panel>
    </>
  );
}

/** What will be made, and the button that makes it. */
function Plan({ progress: { wish, made, acts, at, create, refusal, started, finished } }: { progress: Progress }) {
  const { api, href } = useTenant();
  const described = wish.existing !== null || api.can('create:resource_servers');
  const complete = described && Object.values(missing(wish)).every((fault) => fault === undefined);
  return (
    <Panel
      flush
      title={finished ? 'What was made' : 'What will be made'}
      description="By requests of the Management API, one after the other. If one fails, what was made stays, and you go on there."
    >
      <PlanList acts={acts} made={made} running={create.busy ? at?.id : undefined} error={refusal?.error} failed={at?.id} />
      {!finished && (
        <Group p="1.1rem" pt="0.4rem">
          <Button type="submit" loading={create.busy} disabled={!complete}>
            {started || create.error ? 'Go on' : 'Create'}
          </Button>
          <Anchor component={Link} href={href('/start')} size="sm">
            Another way
          </Anchor>
        </Group>
      )}
    </Panel>
  );
}
