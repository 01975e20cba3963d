import { Text } from '@mantine/core';
import { type Resource, useResource } from '../api/hooks';
import type { Client } from '../api/types';
import { useEdit } from '../forms/edit';
import { SaveBar } from '../forms/savebar';
import type { ViewProps } from '../pages';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { DeleteZone } from '../ui/deletezone';
import { PageHeader } from '../ui/header';
import { Section } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import { configurationOf, LimitFields, type LimitValues } from './limitfields';
import { clientOf, groups, type RateLimitPolicy, selectorLabel } from './types';

/** One rate limit policy. */
export default function Policy({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<RateLimitPolicy>(`rate-limit-policies/${encodeURIComponent(params.id ?? '')}`);
  const { data: policy, error, reload } = resource;
  const title = useTitle(policy);
  const back = { href: href('/rate-limits'), label: 'Rate limits' };
  if (!policy) {
    return (
      <>
        <PageHeader title={error ? 'Rate limit policy' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  return (
    <>
      <PageHeader title={title} back={back} help="operations.md#who-may-ask-and-how-often">
        <InlineId value={policy.id} label="Copy the ID" />
      </PageHeader>
      <Settings resource={resource} policy={policy} title={title} />
    </>
  );
}

/** The application's name, or the group's. */
function useTitle(policy: RateLimitPolicy | undefined): string {
  const clientID = policy && clientOf(policy.consumer_selector);
  const readable = useCan('read:clients');
  const client = useResource<Client>(clientID && readable ? `clients/${encodeURIComponent(clientID)}?fields=client_id,name` : null);
  if (!policy || (client.loading && !client.data)) {
    return ' '; // an ID of two lines would make the page jump once the name is there
  }
  return client.data?.name ?? selectorLabel(policy.consumer_selector);
}

interface PolicyProps {
  resource: Resource<RateLimitPolicy>;
  policy: RateLimitPolicy;
  title: string;
}

function read(policy: RateLimitPolicy): LimitValues {
  return { configuration: policy.configuration };
}

function Settings({ resource, policy, title }: PolicyProps) {
  const { href } = useTenant();
  const clientID = clientOf(policy.consumer_selector);
  const edit = useEdit<RateLimitPolicy, LimitValues>({
    resource,
    path: `rate-limit-policies/${policy.id}`,
    read,
    readOnly: !useCan('update:rate_limit_policies'),
    write: (_, { configuration }) => ({ configuration: configurationOf(configuration) }),
  });
  return (
    <>
      <Section title="Applications" description="This is decided when a policy is created.">
        <Text size="sm">
          {clientID ? (
            <>
              One application{title.trim() && ': '}
              {title.trim() && <Link href={href(`/applications/${clientID}`)}>{title}</Link>}.
            </>
          ) : (
            `${title}. ${groups.find((g) => g.value === policy.consumer_selector)?.text ?? 'writ has none of these.'}`
          )}
        </Text>
      </Section>
      <Section title="Limit">
        <LimitFields edit={edit} />
      </Section>
      <DeleteZone
        scope="delete:rate_limit_policies"
        noun="policy"
        name="The policy"
        path={`rate-limit-policies/${policy.id}`}
        list="/rate-limits"
        note="Its applications fall under the next less specific policy, if there is one."
      >
        The limit for “{title}” is no more.
      </DeleteZone>
      <SaveBar edit={edit} />
    </>
  );
}
