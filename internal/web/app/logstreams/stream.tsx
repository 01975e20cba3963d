import { Button } from '@mantine/core';
import { type Resource, useAction, useResource } from '../api/hooks';
import { useEdit } from '../forms/edit';
import { TextField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import type { ViewProps } from '../pages';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { InlineId } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { FixedField } from '../ui/fieldlabel';
import { PageHeader } from '../ui/header';
import { Section } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { EventFields } from './eventfields';
import { changeOf, read, type Values } from './form';
import { NotDelivered } from './notyet';
import { SinkFields } from './sinkfields';
import { sinkType } from './sinks';
import { StreamStatus } from './status';
import type { LogStream } from './types';

/** One log stream. */
export default function Stream({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<LogStream>(`log-streams/${encodeURIComponent(params.id ?? '')}`);
  const { data: stream, error, reload } = resource;
  const back = { href: href('/log-streams'), label: 'Log streams' };
  if (!stream) {
    return (
      <>
        <PageHeader title={error ? 'Log stream' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={stream.name}
        mark={<StreamStatus stream={stream} />}
        back={back}
        help="dashboard.md#log-streams"
        action={<Toggle resource={resource} stream={stream} />}
      >
        <InlineId value={stream.id} label="Copy the ID" />
      </PageHeader>
      <NotDelivered />
      <Settings resource={resource} stream={stream} />
    </>
  );
}

interface StreamProps {
  resource: Resource<LogStream>;
  stream: LogStream;
}

/** Pauses the stream, or activates it. */
function Toggle({ resource, stream }: StreamProps) {
  const { api } = useTenant();
  const mayUpdate = useCan('update:log_streams');
  const active = stream.status === 'active';
  const toggle = useAction(async () => {
    resource.set(await api.patch<LogStream>(`log-streams/${stream.id}`, { status: active ? 'paused' : 'active' }));
  });
  if (!mayUpdate) {
    return null;
  }
  return (
    <>
      <Button variant="default" loading={toggle.busy} onClick={() => void toggle.run()}>
        {active ? 'Pause' : 'Activate'}
      </Button>
      <ActionError error={toggle.error} />
    </>
  );
}

function Settings({ resource, stream }: StreamProps) {
  const type = sinkType(stream.type);
  const edit = useEdit<LogStream, Values>({
    resource,
    path: `log-streams/${stream.id}`,
    read,
    readOnly: !useCan('update:log_streams'),
    write: (changed, all) => changeOf(stream, changed, all),
  });
  return (
    <>
      <Section title="Stream">
        <TextField edit={edit} name="name" label="Name" maxLength={255} />
        <FixedField label="Type">{type?.label ?? stream.type}. This is decided when a stream is created.</FixedField>
      </Section>
      {type && (
        <Section
          title="Destination"
          description={type.fixed ? `${type.text} It cannot be changed: delete the stream and create another.` : type.text}
        >
          <SinkFields type={type} edit={type.fixed ? { ...edit, readOnly: true } : edit} sink={stream.sink} />
        </Section>
      )}
      <EventFields edit={edit} />
      <DeleteZone
        scope="delete:log_streams"
        noun="stream"
        name={stream.name}
        path={`log-streams/${stream.id}`}
        list="/log-streams"
        phrase={stream.name}
        note="To stop it for a while, pause it."
      >
        {stream.name} is gone for good, with the secrets of its destination. The log itself stays.
      </DeleteZone>
      <SaveBar edit={edit} />
    </>
  );
}
