import { Button, Group, Stack } from '@mantine/core';
import { ActionError } from '../ui/actionerror';
import type { Creation } from './creation';

interface CreationDialogProps<V extends object> {
  form: Creation<V>;
  /** What the button does, as a verb. Default Create. */
  verb?: string;
  /** Not enough was typed yet. */
  incomplete?: boolean;
  onClose: () => void;
  children: React.ReactNode;
}

/** The fields of a dialog that creates something, and the buttons at their end. */
export function CreationDialog<V extends object>({ form, verb = 'Create', incomplete, onClose, children }: CreationDialogProps<V>) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <Stack gap="md">
        {children}
        <ActionError error={form.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.busy} disabled={incomplete}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
