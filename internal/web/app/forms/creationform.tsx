import { Button, Group } from '@mantine/core';
import { Link } from '../router';
import { ActionError } from '../ui/actionerror';
import type { Creation } from './creation';
import classes from './creationform.module.css';

interface CreationFormProps<V extends object> {
  form: Creation<V>;
  /** What the button does, as a verb. Default Create. */
  verb?: string;
  /** Not enough was typed yet. */
  incomplete?: boolean;
  /** Where cancelling leads. */
  cancel: string;
  children: React.ReactNode;
}

/** The sections of a page that creates something, and the buttons at their end. */
export function CreationForm<V extends object>({ form, verb = 'Create', incomplete, cancel, children }: CreationFormProps<V>) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {children}
      <div className={classes.end}>
        <ActionError error={form.error} />
        <Group gap="xs">
          <Button type="submit" loading={form.busy} disabled={incomplete}>
            {verb}
          </Button>
          <Button variant="default" component={Link} href={cancel}>
            Cancel
          </Button>
        </Group>
      </div>
    </form>
  );
}
