import { Anchor, Progress as Bar, Checkbox, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { IconArrowRight, IconCheck } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { opensWithGuide, setOpensWithGuide, useProgress } from './progress';
import classes from './started.module.css';
import { type Check, isDone, type Step } from './steps';
import { useCases } from './usecases';

/** The guide: what to connect first, and what is left to do before production, ticked from what is so. */
export default function Started() {
  return (
    <>
      <PageHeader title="Getting started" help="dashboard.md#getting-started">
        From nothing to a token in a few minutes, and from there to production.
      </PageHeader>
      <section aria-labelledby="cases" className={classes.part}>
        <Title order={2} id="cases">
          What do you want to connect?
        </Title>
        <Cases />
      </section>
      <Steps />
    </>
  );
}

function Cases() {
  const { href } = useTenant();
  return (
    <ul className={classes.cases}>
      {useCases.map(({ id, icon: Shape, title, text }) => (
        <li key={id}>
          <Link href={href(`/start/${id}`)} className={classes.case}>
            <Shape size={20} />
            <span>
              <strong>{title}</strong>
              <span>{text}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Steps() {
  const { steps, done, error, reload } = useProgress();
  if (error && !steps) {
    return <ErrorState error={error} retry={reload} />;
  }
  const total = steps?.length ?? 7;
  return (
    <>
      <Panel
        flush
        title="The way to production"
        description={
          steps ? `${done} of ${total} steps are done. A tick goes when what it stands for is no longer so.` : 'Looking at the tenant …'
        }
        action={<Bar value={(done / total) * 100} w={140} aria-label="Steps done" />}
      >
        {steps ? (
          <ol className={classes.steps}>
            {steps.map((step, i) => (
              <StepRow key={step.id} step={step} number={i + 1} />
            ))}
          </ol>
        ) : (
          <LoadingRows rows={7} height={112} />
        )}
      </Panel>
      <Opening />
    </>
  );
}

function StepRow({ step, number }: { step: Step; number: number }) {
  const done = isDone(step);
  return (
    <li className={classes.step} data-done={done || undefined} data-step={step.id}>
      <span className={classes.number} aria-hidden="true">
        {done ? <IconCheck size={15} /> : number}
      </span>
      <div>
        <Title order={3}>
          {step.title}
          {done && <span className={classes.hidden}> (done)</span>}
        </Title>
        <Text size="sm" c="dimmed" maw={560}>
          {step.why}
        </Text>
      </div>
      <ul className={classes.checks}>
        {step.checks.map((check) => (
          <CheckRow key={check.id} check={check} />
        ))}
      </ul>
    </li>
  );
}

function CheckRow({ check }: { check: Check }) {
  const { href } = useTenant();
  return (
    <li className={classes.check} data-check={check.id} data-done={check.done || undefined}>
      <span className={classes.tick} role="img" aria-label={check.done ? 'Done' : 'Open'}>
        {check.done && <IconCheck size={11} />}
      </span>
      <span>
        {check.label}
        {check.done === undefined && <span className={classes.unknown}>Your role does not show whether it is so.</span>}
      </span>
      <Link href={href(check.action.path)} className={classes.action}>
        {check.action.label}
        <IconArrowRight size={14} />
      </Link>
    </li>
  );
}

/** Not everybody wants all seven. */
function Opening() {
  const { membership, href } = useTenant();
  const [opens, setOpens] = useState(() => opensWithGuide(membership.tenant));
  const choose = (next: boolean) => {
    setOpensWithGuide(membership.tenant, next);
    setOpens(next);
  };
  return (
    <div className={classes.opening}>
      <Checkbox
        size="xs"
        label="Open the tenant with this page while a step is open"
        checked={opens}
        onChange={(e) => choose(e.currentTarget.checked)}
      />
      <Anchor component={Link} href={href('/map')} size="sm">
        See what there is on the map
      </Anchor>
    </div>
  );
}
