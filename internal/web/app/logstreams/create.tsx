import { notifications } from '@mantine/notifications';
import { useCreation } from '../forms/creation';
import { CreationForm } from '../forms/creationform';
import { TextField } from '../forms/fields';
import { Link, useQuery, useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { PageHeader } from '../ui/header';
import { Section } from '../ui/panel';
import { NoPermission } from '../ui/states';
import classes from './create.module.css';
import { EventFields } from './eventfields';
import { creationOf, sinkValues, type Values } from './form';
import { NotDelivered } from './notyet';
import { SinkFields } from './sinkfields';
import { type SinkType, sinkType, sinkTypes } from './sinks';
import type { LogStream } from './types';

/** A new log stream: its type, by ?type= in the address, then what its sink needs. */
export default function CreateLogStream() {
  const { href } = useTenant();
  const mayCreate = useCan('create:log_streams');
  const [chosen] = useQuery('type');
  const type = sinkType(chosen);
  const back = type ? { href: href('/log-streams/new'), label: 'All types' } : { href: href('/log-streams'), label: 'Log streams' };
  return (
    <>
      <PageHeader title={type ? `Create a stream: ${type.label}` : 'Create a stream'} back={back} help="dashboard.md#log-streams">
        {type?.text ?? 'Where shall the events go?'}
      </PageHeader>
      <NotDelivered />
      {!mayCreate ? <NoPermission scopes={['create:log_streams']} /> : type ? <CreateForm key={type.value} type={type} /> : <Types />}
    </>
  );
}

function Types() {
  const { href } = useTenant();
  return (
    <ul className={classes.types}>
      {sinkTypes.map((type) => (
        <li key={type.value}>
          <Link href={href(`/log-streams/new?type=${type.value}`)} className={classes.type}>
            <strong>{type.label}</strong>
            <span>{type.text}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function CreateForm({ type }: { type: SinkType }) {
  const { api, href } = useTenant();
  const router = useRouter();
  const initial: Values = { name: '', filters: [], pii_config: { fields: [], method: 'mask' }, isPriority: false, ...sinkValues(type) };
  const form = useCreation(
    initial,
    (values) => api.post<LogStream>('log-streams', creationOf(type, values)),
    (stream) => {
      notifications.show({ color: 'green', message: `${stream.name} is created.` });
      return router.go(href(`/log-streams/${stream.id}`), true);
    },
  );
  return (
    <CreationForm form={form} incomplete={form.values.name.trim() === ''} cancel={href('/log-streams')}>
      <Section title="Stream">
        <TextField edit={form} name="name" label="Name" maxLength={255} />
      </Section>
      <Section title="Destination">
        <SinkFields type={type} edit={form} />
      </Section>
      <EventFields edit={form} />
    </CreationForm>
  );
}
