import { Alert, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type Resource, useAction, useResource } from '../api/hooks';
import type { ViewProps } from '../pages';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { CodeBlock } from '../ui/code';
import { ConfirmDelete } from '../ui/confirm';
import { InlineId } from '../ui/copy';
import { Facts } from '../ui/facts';
import { PageHeader } from '../ui/header';
import { IconAlertTriangle } from '../ui/icons';
import { DangerRow, Panel, Section } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { NotRun } from './bound';
import { DraftStatus } from './status';
import { triggerLabel, type Action as Values } from './types';
import { Versions } from './versions';

/** One Action: its draft, to be read, and its versions. */
export default function Action({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<Values>(`actions/actions/${encodeURIComponent(params.id ?? '')}`);
  const { data: action, error, reload } = resource;
  const back = { href: href('/actions'), label: 'Actions' };
  if (!action) {
    return (
      <>
        <PageHeader title={error ? 'Action' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  return (
    <>
      <PageHeader title={action.name} mark={<DraftStatus action={action} />} back={back} help="dashboard.md#actions">
        <InlineId value={action.id} label="Copy the ID" />
      </PageHeader>
      <NotRun />
      <Draft resource={resource} action={action} />
      {action.deployed_version && <Versions key={action.deployed_version.id} resource={resource} action={action} />}
      <DangerZone action={action} />
    </>
  );
}

function Draft({ resource, action }: { resource: Resource<Values>; action: Values }) {
  const { api } = useTenant();
  const mayDeploy = useCan('create:actions');
  const deploy = useAction(async () => {
    await api.post(`actions/actions/${action.id}/deploy`);
    notifications.show({ color: 'green', message: `${action.name} is deployed.` });
    resource.reload();
  });
  const button = mayDeploy && !action.all_changes_deployed && (
    <Button loading={deploy.busy} disabled={action.status !== 'built'} onClick={() => void deploy.run()}>
      Deploy
    </Button>
  );
  return (
    <Panel title="Draft" description={action.all_changes_deployed ? 'As it is deployed.' : 'Not deployed as it is now.'} action={button}>
      <ActionError error={deploy.error} />
      {(action.errors ?? []).map(({ msg }) => (
        <Alert key={msg} color="red" icon={<IconAlertTriangle />} mb="md" title="It could not be built">
          {msg}
        </Alert>
      ))}
      <Facts
        facts={[
          ['Triggers', action.supported_triggers.map(triggerLabel).join(', ')],
          ['Runtime', action.runtime],
          ['Dependencies', action.dependencies.map((d) => `${d.name} ${d.version ?? ''}`).join(', ') || 'None'],
          ['Secrets', action.secrets.map((s) => s.name).join(', ') || 'None'],
          ['Modules', action.modules?.map((m) => m.module_name).join(', ')],
        ]}
      />
      {action.code && <CodeBlock label="Code" code={action.code} />}
    </Panel>
  );
}

function DangerZone({ action }: { action: Values }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const mayDelete = useCan('delete:actions');
  const [asking, ask] = useDisclosure(false);
  if (!mayDelete) {
    return null;
  }
  const destroy = async () => {
    await api.delete(`actions/actions/${action.id}`);
    notifications.show({ message: `${action.name} is deleted.` });
    await router.go(href('/actions'));
  };
  return (
    <Section title="Danger zone" danger>
      <DangerRow
        title="Delete this Action"
        action={
          <Button color="red" variant="light" onClick={ask.open}>
            Delete
          </Button>
        }
      >
        Its versions and secrets go with it. One that is bound has to be unbound first.
      </DangerRow>
      <ConfirmDelete opened={asking} onClose={ask.close} title="Delete the Action?" verb="Delete" phrase={action.name} act={destroy}>
        {action.name} is gone with all its versions. This cannot be undone.
      </ConfirmDelete>
    </Section>
  );
}
