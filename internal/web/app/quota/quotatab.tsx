import type { Resource } from '../api/hooks';
import type { TokenQuota } from '../api/types';
import { useEdit } from '../forms/edit';
import { SelectField } from '../forms/fields';
import { SaveBar } from '../forms/savebar';
import { useCan } from '../shell/tenant';
import { Section } from '../ui/panel';
import { keyed, LimitFields, type QuotaKeys, unkeyed } from './limitfields';
import { Meter } from './meter';
import { limitsOf, valuesOf } from './types';

interface Holder {
  token_quota?: TokenQuota;
}

type Values = {
  /** Whether there is a quota of its own: default or own. */
  token_quota: string;
} & QuotaKeys<'token_quota'>;

function read({ token_quota: quota }: Holder): Values {
  return { token_quota: quota ? 'own' : 'default', ...keyed('token_quota', valuesOf(quota?.client_credentials)) };
}

interface QuotaTabProps<R extends Holder> {
  resource: Resource<R>;
  holder: R;
  /** Where it is patched, and read where that is elsewhere. */
  path: string;
  reads?: string;
  /** Where its use is read. */
  use: string;
  /** What it is, in words. */
  noun: string;
  /** The scope that changes it. */
  scope: string;
}

/** The quota of an application or an organization, and what is used of it. */
export function QuotaTab<R extends Holder>({ resource, holder, path, reads, use, noun, scope }: QuotaTabProps<R>) {
  const edit = useEdit<R, Values>({
    resource,
    path,
    reads,
    read,
    readOnly: !useCan(scope),
    write: (_, all) => ({
      token_quota: all.token_quota === 'own' ? { client_credentials: limitsOf(unkeyed('token_quota', all)) } : null,
    }),
  });
  return (
    <>
      <Meter key={JSON.stringify(holder.token_quota ?? null)} path={use} />
      <Section
        title="Quota"
        description={`How many tokens the client credentials grant issues for this ${noun}. A refused request costs none.`}
      >
        <SelectField
          edit={edit}
          name="token_quota"
          label="Limits"
          data={[
            { value: 'default', label: 'The tenant’s defaults' },
            { value: 'own', label: 'Its own limits' },
          ]}
        />
        {edit.values.token_quota === 'own' && <LimitFields<'token_quota', Values> edit={edit} path="token_quota" />}
      </Section>
      <SaveBar edit={edit} />
    </>
  );
}
