import { Anchor, List, NativeSelect, Text } from '@mantine/core';
import { useResource } from '../api/hooks';
import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { clientPath } from '../applications/secret';
import { useGrants } from '../grants/grants';
import { useQuery } from '../router';
import { SampleTabs } from '../samples/sampletabs';
import { useSession } from '../shell/session';
import { useTenant } from '../shell/tenant';
import { CopyField } from '../ui/copy';
import { IconApps } from '../ui/icons';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import classes from './quickstart.module.css';

/** How the API lets callers in, and how an application calls it. */
export function APIQuickstart({ rs }: { rs: ResourceServer }) {
  const { api } = useTenant();
  return (
    <>
      {!rs.is_system && <Verification rs={rs} />}
      {api.can('read:clients') && api.can('read:client_grants') && <Calls rs={rs} />}
    </>
  );
}

/** What a receiving API checks, with this API's values. */
function Verification({ rs }: { rs: ResourceServer }) {
  const { membership } = useTenant();
  const { session } = useSession();
  const base = `https://${membership.domain}/`;
  const examples = `${session.docs_url}/../examples/timesheets`;
  const shared = rs.signing_alg === 'HS256';
  return (
    <Panel title="Let only your callers in" description="Your API checks the bearer token of each request, without asking writ each time.">
      <div className={classes.columns}>
        <div className={classes.fields}>
          <CopyField label="Issuer (iss)" value={base} />
          <CopyField label="Audience (aud)" value={rs.identifier} />
          {!shared && <CopyField label="Keys (JWK Set)" value={`${base}.well-known/jwks.json`} />}
          <CopyField label="Algorithm" value={rs.signing_alg} />
        </div>
        <div>
          <List type="ordered" spacing={6} size="sm">
            <List.Item>
              The signature is {rs.signing_alg}, by {shared ? 'the signing secret under Settings' : 'one of these keys'}. No other algorithm
              will do, whatever the token says.
            </List.Item>
            <List.Item>Issuer and audience are exactly these, and the token has not expired (exp).</List.Item>
            <List.Item>The scope that the operation needs is in scope. Without it, answer 403; without a good token, 401.</List.Item>
          </List>
          <Text size="sm" mt="md">
            Whole APIs to copy from:{' '}
            <Anchor href={`${examples}/api-go`} target="_blank" rel="noreferrer" underline="always">
              Go
            </Anchor>
            ,{' '}
            <Anchor href={`${examples}/api-node`} target="_blank" rel="noreferrer" underline="always">
              Node.js
            </Anchor>
            . What to put into scopes:{' '}
            <Anchor href={`${session.docs_url}/designing-apis.md`} target="_blank" rel="noreferrer" underline="always">
              designing APIs
            </Anchor>
            .
          </Text>
        </div>
      </div>
    </Panel>
  );
}

function Calls({ rs }: { rs: ResourceServer }) {
  const { data, grants, error, reload } = useGrants({ audience: rs.identifier });
  if (error) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={8} />;
  }
  if (grants.size === 0) {
    return (
      <EmptyState icon={IconApps} title="No application may call this API yet">
        Authorize one under Machine to Machine Applications. The code with which it calls is shown here then.
      </EmptyState>
    );
  }
  return <Samples rs={rs} grants={grants} />;
}

function Samples({ rs, grants }: { rs: ResourceServer; grants: Map<string, ClientGrant> }) {
  const ids = [...grants.keys()];
  const [wanted, choose] = useQuery('client', ids[0]);
  const id = grants.has(wanted) ? wanted : (ids[0] ?? '');
  const { data: client, error, reload } = useResource<Client>(clientPath(id));
  const known = useResource<Client[]>('clients?is_global=false&fields=client_id,name&per_page=100').data ?? [];
  return (
    <div className={classes.calls}>
      {ids.length > 1 && (
        <NativeSelect
          label="As the application"
          maw={420}
          mb="md"
          value={id}
          onChange={(e) => choose(e.currentTarget.value)}
          data={ids.map((value) => ({ value, label: known.find((c) => c.client_id === value)?.name ?? value }))}
        />
      )}
      {error && !client && <ErrorState error={error} retry={reload} />}
      {!error && !client && <LoadingRows rows={8} />}
      {client && <SampleTabs key={id} client={client} api={rs} grant={grants.get(id)} />}
    </div>
  );
}
