import { Button, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useAction } from '../api/hooks';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { useAsk } from '../ui/ask';
import { CodeBlock } from '../ui/code';
import { IconChevronDown, IconCircleCheck, IconCircleMinus, IconCircleX } from '../ui/icons';
import { type Call, type Decision, type Explanation, labels, type Mend, type Outcome } from './types';
import classes from './why.module.css';

const icons = { passed: IconCircleCheck, failed: IconCircleX, not_reached: IconCircleMinus } satisfies Record<Outcome, unknown>;
const words: Record<Outcome, string> = { passed: 'Passed', failed: 'Failed', not_reached: 'Not reached' };

interface DecisionsProps {
  explanation: Explanation;
  /** After a mend, with its label. */
  onMended: (label: string) => void;
}

/** The decisions as a list; the one that failed is open. */
export function Decisions({ explanation, onMended }: DecisionsProps) {
  return (
    <ol className={classes.list} aria-label="Decisions">
      {explanation.decisions.map((d) => (
        <li key={d.name} data-outcome={d.outcome}>
          {d.outcome === 'not_reached' ? (
            <div className={classes.head}>
              <Name decision={d} />
            </div>
          ) : (
            <details open={d.outcome === 'failed'}>
              <summary className={classes.head}>
                <Name decision={d} />
                <IconChevronDown size={16} className={classes.arrow} />
              </summary>
              <div className={classes.body}>
                <Facts facts={d.facts ?? {}} />
                {d.mend && <MendButton mend={d.mend} onMended={onMended} />}
              </div>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

function Name({ decision: d }: { decision: Decision }) {
  const Shape = icons[d.outcome];
  return (
    <>
      <Shape size={17} className={classes.sign} />
      <span className={classes.name}>{labels[d.name] ?? d.name}</span>
      <span className={classes.message}>
        {d.message && <VisuallyHidden>{words[d.outcome]}: </VisuallyHidden>}
        {d.message ?? words[d.outcome]}
      </span>
    </>
  );
}

/** What a decision was made of, by the protocol's names. */
function Facts({ facts }: { facts: Record<string, unknown> }) {
  const rows = Object.entries(facts).filter(([, value]) => value !== '' && value !== undefined);
  return (
    <dl className={classes.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length > 0 ? value.join(' ') : 'none';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Does what lets the request pass, after it has shown what that is. */
function MendButton({ mend, onMended }: { mend: Mend; onMended: (label: string) => void }) {
  const { api } = useTenant();
  const ask = useAsk();
  const action = useAction(async () => {
    for (const call of mend.calls) {
      await api.call(call.path.replace(/^\/api\/v2\//, ''), { method: call.method, body: call.body });
    }
  });
  if (!mend.calls.every((call) => api.can(...call.scopes))) {
    return null;
  }
  const run = async () => {
    if (await ask({ title: `${mend.label}?`, text: <Plan mend={mend} />, yes: 'Do it', danger: mend.warning !== undefined })) {
      if (await action.run()) {
        notifications.show({ color: 'green', message: `Done: ${mend.label}` });
        onMended(mend.label);
      }
    }
  };
  return (
    <>
      <ActionError error={action.error} />
      <Button onClick={() => void run()} loading={action.busy} className={classes.mend}>
        {mend.label}
      </Button>
    </>
  );
}

function Plan({ mend }: { mend: Mend }) {
  return (
    <>
      {mend.warning && <p className={classes.warning}>{mend.warning}</p>}
      <CodeBlock label="What is sent to the Management API" code={mend.calls.map(written).join('\n\n')} wrap />
    </>
  );
}

function written({ method, path, body }: Call): string {
  return `${method} ${path}${body === undefined ? '' : `\n${JSON.stringify(body, null, 2)}`}`;
}
