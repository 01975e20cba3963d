import type { Resource } from '../api/hooks';
import type { Settings } from '../api/types';
import { useEdit } from '../forms/edit';
import { SaveBar } from '../forms/savebar';
import { settingsPath, WithSettings } from '../settings/form';
import { useCan } from '../shell/tenant';
import { Section } from '../ui/panel';
import { keyed, LimitFields, type QuotaKeys, unkeyed } from './limitfields';
import { Today } from './today';
import { type LimitValues, limitsOf, valuesOf } from './types';

const clients = 'default_token_quota.clients';
const organizations = 'default_token_quota.organizations';

type Values = QuotaKeys<typeof clients> & QuotaKeys<typeof organizations>;

function read({ default_token_quota: quota }: Settings): Values {
  return {
    ...keyed(clients, valuesOf(quota?.clients?.client_credentials)),
    ...keyed(organizations, valuesOf(quota?.organizations?.client_credentials)),
  };
}

/** The default quotas as the API takes them: without limits there is none. */
function write(_: Partial<Values>, all: Values) {
  const one = (values: LimitValues) =>
    values.per_hour === '' && values.per_day === '' ? undefined : { client_credentials: limitsOf(values) };
  const quota = { clients: one(unkeyed(clients, all)), organizations: one(unkeyed(organizations, all)) };
  return { default_token_quota: quota.clients || quota.organizations ? quota : null };
}

/** The quotas of applications and organizations that have none of their own. */
export function DefaultQuotas() {
  return <WithSettings>{(resource) => <QuotaForm resource={resource} />}</WithSettings>;
}

function QuotaForm({ resource }: { resource: Resource<Settings> }) {
  const edit = useEdit<Settings, Values>({
    resource,
    path: settingsPath,
    read,
    write,
    readOnly: !useCan('update:tenant_settings'),
  });
  const usage = useCan('read:writ_usage');
  return (
    <>
      <Section title="Each application" description="The quota of every application that has none of its own.">
        <LimitFields<typeof clients, Values> edit={edit} path={clients} />
      </Section>
      <Section
        title="Each organization"
        description="The quota of every organization that has none of its own; counted beside the application’s."
      >
        <LimitFields<typeof organizations, Values> edit={edit} path={organizations} />
      </Section>
      {usage && <Today />}
      <SaveBar edit={edit} />
    </>
  );
}
