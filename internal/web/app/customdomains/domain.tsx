import { Badge } from '@mantine/core';
import { useResource } from '../api/hooks';
import type { ViewProps } from '../pages';
import { useTenant } from '../shell/tenant';
import { InlineId } from '../ui/copy';
import { PageHeader } from '../ui/header';
import { ErrorState, LoadingRows } from '../ui/states';
import { Certificate } from './certificate';
import { DNSRecord } from './dnsrecord';
import { NotAnswered } from './notyet';
import { DomainSettings } from './settings';
import { DomainStatus } from './status';
import type { CustomDomain as Values } from './types';

/** One custom domain. */
export default function CustomDomain({ params }: ViewProps) {
  const { href } = useTenant();
  const resource = useResource<Values>(`custom-domains/${encodeURIComponent(params.id ?? '')}`);
  const { data: domain, error, reload } = resource;
  const back = { href: href('/custom-domains'), label: 'Custom domains' };
  if (!domain) {
    return (
      <>
        <PageHeader title={error ? 'Custom domain' : ' '} back={back} />
        {error ? <ErrorState error={error} retry={reload} /> : <LoadingRows />}
      </>
    );
  }
  const mark = (
    <>
      <DomainStatus domain={domain} />
      {domain.is_default && <Badge color="gray">Default</Badge>}
    </>
  );
  return (
    <>
      <PageHeader title={domain.domain} mark={mark} back={back} help="dashboard.md#custom-domains">
        <InlineId value={domain.custom_domain_id} label="Copy the ID" />
      </PageHeader>
      {domain.status !== 'ready' && <NotAnswered />}
      <DNSRecord resource={resource} domain={domain} />
      {domain.type === 'auth0_managed_certs' && <Certificate domain={domain} />}
      <DomainSettings resource={resource} domain={domain} />
    </>
  );
}
