import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '../ui/icons';
import classes from './outcome.module.css';
import { type Outcome, typeOf } from './types';

const icons = { success: IconCircleCheck, failure: IconCircleX, warning: IconAlertTriangle, neutral: IconInfoCircle } satisfies Record<
  Outcome,
  unknown
>;

/** An event's type with its sign. */
export function TypeLabel({ code }: { code: string }) {
  const { label, outcome } = typeOf(code);
  const Shape = icons[outcome];
  return (
    <span className={classes.type} data-outcome={outcome}>
      <Shape size={16} />
      <span>{label}</span>
    </span>
  );
}
