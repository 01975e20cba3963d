import { Alert, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useResource } from '../api/hooks';
import { useCan, useTenant } from '../shell/tenant';
import { ConfirmDelete } from '../ui/confirm';
import { IconAlertTriangle, IconInfoCircle } from '../ui/icons';
import { type Binding, machineTrigger } from './types';

const path = `actions/triggers/${machineTrigger}/bindings`;

/** What Actions do not do so far; and that the tenant gets no tokens, where one is bound to the trigger of machines. */
export function NotRun() {
  const { data, error, reload } = useResource<{ bindings: Binding[] }>(`${path}?per_page=100`);
  const bound = data?.bindings ?? [];
  if (bound.length > 0) {
    return <Bound bound={bound} reload={reload} />;
  }
  return (
    <Alert color="yellow" icon={<IconInfoCircle />} mb="lg" title="Built, but not run yet">
      This version of writ runs no code. Actions are written, built, deployed and bound by the Management API or the tools that speak it;
      bound to Machine to Machine, they would stop the tenant’s tokens.{' '}
      {error ? `Whether one is bound is not known: ${error.message}` : data && 'None is bound.'}
    </Alert>
  );
}

function Bound({ bound, reload }: { bound: Binding[]; reload: () => void }) {
  const { api } = useTenant();
  const mayUnbind = useCan('update:actions');
  const [asking, ask] = useDisclosure(false);
  const names = bound.map((b) => b.display_name || b.action.name).join(', ');
  return (
    <Alert color="red" icon={<IconAlertTriangle />} mb="lg" title="The tenant gets no tokens" role="alert">
      <Text size="sm">
        Bound to Machine to Machine: {names}. This version of writ cannot run them, and refuses every token rather than issue one behind
        their back.
      </Text>
      {mayUnbind && (
        <Group mt="sm">
          <Button size="xs" color="red" onClick={ask.open}>
            Unbind
          </Button>
        </Group>
      )}
      <ConfirmDelete
        opened={asking}
        onClose={ask.close}
        title="Unbind from Machine to Machine?"
        verb="Unbind"
        act={async () => {
          await api.patch(path, { bindings: [] });
          notifications.show({ color: 'green', message: 'Nothing is bound any more: tokens are issued.' });
          reload();
        }}
      >
        Tokens are issued from then on as if these Actions were not there: {names}. The Actions themselves stay.
      </ConfirmDelete>
    </Alert>
  );
}
