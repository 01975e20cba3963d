import { Alert, Code, Loader, Text } from '@mantine/core';
import type { ApiError } from '../api/errors';
import { ActionError } from '../ui/actionerror';
import { IconAlertTriangle, IconCheck } from '../ui/icons';
import { short } from '../ui/plain';
import type { Act, Made } from './plan';
import classes from './planlist.module.css';

interface PlanListProps {
  acts: Act[];
  made: Made;
  running?: string;
  /** The act at which it stopped, and why. */
  failed?: string;
  error?: ApiError;
}

/** Each request with its state: waiting, running, done or failed. */
export function PlanList({ acts, made, running, failed, error }: PlanListProps) {
  return (
    <ol className={classes.list}>
      {acts.map((act) => {
        const state = made[act.id] ? 'done' : running === act.id ? 'running' : error && failed === act.id ? 'failed' : 'waiting';
        return (
          <li key={act.id} className={classes.act} data-state={state}>
            <Sign state={state} />
            <div>
              <Text fw={550} className={classes.title}>
                {act.title}
              </Text>
              <Code className={classes.request}>
                POST /api/v2/{act.path} {JSON.stringify(act.body, abridged)}
              </Code>
              {act.note && state !== 'done' && (
                <Alert color="yellow" mt="xs" p="xs">
                  {act.note}
                </Alert>
              )}
              {state === 'failed' && (
                <div className={classes.error}>
                  <ActionError error={error} />
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Of a value that is very long the beginning, so that the list stays one. */
function abridged(_: string, value: unknown): unknown {
  return typeof value === 'string' ? short(value, 160) : value;
}

const words = { done: 'Made', running: 'Being made', failed: 'Failed', waiting: 'Not made yet' };

function Sign({ state }: { state: keyof typeof words }) {
  return (
    <span className={classes.sign} role="img" aria-label={words[state]}>
      {state === 'done' && <IconCheck size={14} />}
      {state === 'running' && <Loader size={14} />}
      {state === 'failed' && <IconAlertTriangle size={14} />}
    </span>
  );
}
