import { Button, Text } from '@mantine/core';
import { type Resource, useAction } from '../api/hooks';
import { useEdit } from '../forms/edit';
import { SelectField } from '../forms/fields';
import { type Pairs, PairsField, pairsOf, patchOfPairs } from '../forms/pairs';
import { SaveBar } from '../forms/savebar';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { DeleteZone } from '../ui/deletezone';
import { Section } from '../ui/panel';
import type { CustomDomain } from './types';

interface Values {
  custom_client_ip_header: string;
  domain_metadata: Pairs;
}

function read(d: CustomDomain): Values {
  return { custom_client_ip_header: d.custom_client_ip_header ?? '', domain_metadata: pairsOf(d.domain_metadata) };
}

const headers = ['true-client-ip', 'cf-connecting-ip', 'x-forwarded-for', 'x-azure-clientip'];

interface DomainProps {
  resource: Resource<CustomDomain>;
  domain: CustomDomain;
}

export function DomainSettings({ resource, domain }: DomainProps) {
  const path = `custom-domains/${domain.custom_domain_id}`;
  const edit = useEdit<CustomDomain, Values>({
    resource,
    path,
    read,
    readOnly: !useCan('update:custom_domains'),
    write: ({ custom_client_ip_header: header, domain_metadata: pairs }) => ({
      ...(header !== undefined && { custom_client_ip_header: header || null }),
      ...(pairs && { domain_metadata: patchOfPairs(domain.domain_metadata, pairs) }),
    }),
  });
  return (
    <>
      <DefaultDomain resource={resource} domain={domain} />
      {domain.type === 'self_managed_certs' ? (
        <Section title="Your proxy" description="How your reverse proxy passes requests on.">
          <SelectField
            edit={edit}
            name="custom_client_ip_header"
            label="Header with the caller’s address"
            description="Only a header that your proxy sets itself, whatever the caller has sent."
            data={[{ value: '', label: 'None' }, ...headers.map((value) => ({ value, label: value }))]}
          />
        </Section>
      ) : (
        <Section title="TLS">
          <Text size="sm">TLS 1.2 and above: the recommended policy, and the only one.</Text>
        </Section>
      )}
      <Section title="Metadata" description="Up to 10 pairs that your own tools can read.">
        <PairsField edit={edit} name="domain_metadata" />
      </Section>
      <DeleteZone
        scope="delete:custom_domains"
        noun="custom domain"
        name={domain.domain}
        path={path}
        list="/custom-domains"
        phrase={domain.domain}
        note="Adding it again asks for a new DNS record."
      >
        Programs that call {domain.domain} or trust it as an issuer get nothing there any more.
      </DeleteZone>
      <SaveBar edit={edit} />
    </>
  );
}

/** The default domain is the one that is meant where a caller names none. Without one it is the tenant's own. */
function DefaultDomain({ resource, domain }: DomainProps) {
  const { api, membership } = useTenant();
  const mayUpdate = useCan('update:custom_domains');
  const ready = domain.status === 'ready';
  const change = useAction(async () => {
    await api.patch('custom-domains/default', { domain: domain.is_default ? membership.domain : domain.domain });
    resource.reload();
  });
  return (
    <Section title="Default domain" description={`What is meant where no domain is named. Without a default it is ${membership.domain}.`}>
      <Text size="sm">
        {domain.is_default
          ? 'This domain is the tenant’s default.'
          : ready
            ? 'This domain is not the default.'
            : 'A domain has to be verified before it can be the default.'}
      </Text>
      {mayUpdate && (
        <Button variant="default" w="fit-content" disabled={!ready} loading={change.busy} onClick={() => void change.run()}>
          {domain.is_default ? 'Make it the default no more' : 'Set as default'}
        </Button>
      )}
      <ActionError error={change.error} />
    </Section>
  );
}
