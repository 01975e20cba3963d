import { Alert, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type Resource, useAction, useResource } from '../api/hooks';
import type { ViewProps } from '../pages';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { CodeBlock } from '../ui/code';
import { InlineId } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { Facts } from '../ui/facts';
import { PageHeader } from '../ui/header';
import { IconAlertTriangle } from '../ui/icons';
import { Panel } from '../ui/panel';
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
      <DeleteZone
        scope="delete:actions"
        noun="Action"
        name={action.name}
        path={`actions/actions/${action.id}`}
        list="/actions"
        phrase={action.name}
        note="Its versions and secrets go with it. One that is bound has to be unbound first."
      >
        {action.name} is gone with all its versions. This cannot be undone.
      </DeleteZone>
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
