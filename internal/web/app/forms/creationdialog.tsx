import { Button, Group, Modal, type ModalProps, Stack } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import { useRouter } from '../router';
import { ActionError } from '../ui/actionerror';
import type { Creation } from './creation';
import { DialogContext } from './guard';

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
          <Button variant="default" onClick={onClose} disabled={form.busy}>
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
export function CreationModal({ onClose, children, ...props }: ModalProps) {
  const router = useRouter();
  const [dialog] = useState({});
  const opener = useRef<Element>(null);
  useLayoutEffect(() => {
    if (props.opened) {
      opener.current = document.activeElement;
    }
  }, [props.opened]);
  const close = async () => {
    if (await router.mayLeave(dialog)) {
      onClose();
    }
  };
  // The library gives the focus back as long as nothing else has had it; the question has.
  const giveBack = () => {
    if (document.activeElement === document.body && opener.current instanceof HTMLElement) {
      opener.current.focus();
    }
  };
  return (
    <Modal {...props} onClose={() => void close()} onExitTransitionEnd={giveBack}>
      <DialogContext.Provider value={dialog}>{children}</DialogContext.Provider>
    </Modal>
  );
}
