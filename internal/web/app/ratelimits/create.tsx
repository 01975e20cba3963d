import { Text } from '@mantine/core';
import { useState } from 'react';
import { ClientSelect } from '../applications/clientselect';
import { useCreation } from '../forms/creation';
import { CreationForm } from '../forms/creationform';
import { useRouter } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ChoiceCards } from '../ui/choicecards';
import { PageHeader } from '../ui/header';
import { Section } from '../ui/panel';
import { NoPermission } from '../ui/states';
import { configurationOf, LimitFields, type LimitValues } from './limitfields';
import { groups, type RateLimitPolicy, selectorOf } from './types';

interface Values extends LimitValues {
  consumer_selector: string;
}

const initial: Values = { consumer_selector: 'default', configuration: { action: 'block', limit: 10 } };

/** A new rate limit policy. */
export default function CreateRateLimit() {
  const { href } = useTenant();
  const mayCreate = useCan('create:rate_limit_policies');
  return (
    <>
      <PageHeader
        title="Create a rate limit policy"
        back={{ href: href('/rate-limits'), label: 'Rate limits' }}
        help="operations.md#who-may-ask-and-how-often"
      />
      {mayCreate ? <CreateForm /> : <NoPermission scopes={['create:rate_limit_policies']} />}
    </>
  );
}

function CreateForm() {
  const { api, href } = useTenant();
  const router = useRouter();
  const [group, setGroup] = useState('default');
  const [clientID, setClientID] = useState<string | null>(null);
  const form = useCreation(
    initial,
    ({ consumer_selector, configuration }) =>
      api.post<RateLimitPolicy>('rate-limit-policies', {
        resource: 'oauth_authentication_api',
        consumer: 'client',
        consumer_selector,
        configuration: configurationOf(configuration),
      }),
    () => router.go(href('/rate-limits'), true),
    { unique: 'consumer_selector' },
  );
  const choose = (next: string, client: string | null) => {
    setGroup(next);
    setClientID(client);
    form.set('consumer_selector', next === 'client' ? selectorOf(client ?? '') : next);
  };
  const taken = form.fault('consumer_selector')?.includes('already exists');
  const fault = taken ? 'There is a policy for these already: change that one, or choose others.' : form.fault('consumer_selector');
  return (
    <CreationForm form={form} incomplete={group === 'client' && !clientID} cancel={href('/rate-limits')}>
      <Section title="Applications" description="Whom the policy is for. There is one policy for each of these.">
        <ChoiceCards label="For" choices={groups} value={group} onChange={(next) => choose(next, clientID)} />
        {group === 'client' && (
          <ClientSelect label="Application" value={clientID} onChange={(client) => choose('client', client)} error={fault} />
        )}
        {group !== 'client' && fault && (
          <Text size="sm" c="var(--writ-danger)" role="alert">
            {fault}
          </Text>
        )}
      </Section>
      <Section title="Limit">
        <LimitFields edit={form} />
      </Section>
    </CreationForm>
  );
}
