import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from './confirm';
import { DangerRow, Section } from './panel';
import { plain, short } from './plain';

interface DeleteProps {
  /** The scope that it takes; without it there is nothing to see. */
  scope: string;
  /** What it is: "organization". */
  noun: string;
  /** What it is called. */
  name: string;
  /** Where it is deleted. */
  path: string;
  /** The list that is shown then. */
  list: string;
  /** A name that has to be typed, for what cannot be had back. */
  phrase?: string;
  /** What goes with it, or what to do instead. */
  note: React.ReactNode;
  /** What the question says. */
  children: React.ReactNode;
}

/** The danger zone of what can only be deleted. */
export function DeleteZone(props: DeleteProps) {
  const mayDelete = useCan(props.scope);
  return mayDelete ? (
    <Section title="Danger zone" danger>
      <DeleteRow {...props} />
    </Section>
  ) : null;
}

/** Deletes an object after a question, and leads to the list of the others. */
export function DeleteRow({ scope, noun, name, path, list, phrase, note, children }: DeleteProps) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayDelete = useCan(scope);
  const [asking, ask] = useDisclosure(false);
  if (!mayDelete) {
    return null;
  }
  const destroy = async () => {
    await api.delete(path);
    notifications.show({ message: `${short(plain(name))} is deleted.` });
    await router.go(href(list));
  };
  return (
    <>
      <DangerRow
        title={`Delete this ${noun}`}
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Delete
          </Button>
        }
      >
        {note}
      </DangerRow>
      <ConfirmDelete opened={asking} onClose={ask.close} title={`Delete the ${noun}?`} verb="Delete" phrase={phrase} act={destroy}>
        {children}
      </ConfirmDelete>
    </>
  );
}
