import { Button, Group, Modal, type ModalProps, Stack } from '@mantine/core';
import { useState } from 'react';
import { useRouter } from '../router';
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

/** The dialog around a CreationDialog. Escape and a click beside it ask before they let go what was typed; Cancel does not. */
export function CreationModal({ onClose, ...props }: ModalProps) {
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const close = async () => {
    setAsking(true);
    const leaves = await router.mayLeave();
    setTimeout(() => setAsking(false)); // the Escape that may have answered is still on its way to this dialog
    if (leaves) {
      onClose();
    }
  };
  return <Modal {...props} onClose={() => void close()} closeOnEscape={!asking} />;
}
