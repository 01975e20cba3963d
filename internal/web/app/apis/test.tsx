import { Alert, Badge, Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { read as readAnswer, send } from '../api/console';
import { ApiError } from '../api/errors';
import { useAction, useResource } from '../api/hooks';
import type { Client, ResourceServer } from '../api/types';
import { clientPath, useSecret } from '../applications/secret';
import type { Question } from '../explain/types';
import { WhyRefused } from '../explain/why';
import { useGrants } from '../grants/grants';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { CodeBlock } from '../ui/code';
import { IconAlertTriangle, IconApps } from '../ui/icons';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { duration } from '../ui/time';
import { type Decoded, decode, explain } from './claims';
import classes from './test.module.css';

interface TokenAnswer {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope?: string;
}

/** Asks for a real token as one of the API's applications, and explains it claim by claim. */
export function TestToken({ rs }: { rs: ResourceServer }) {
  const { data, grants, error, reload } = useGrants({ audience: rs.identifier });
  const ids = [...grants.keys()];
  if (error) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows />;
  }
  return ids.length > 0 ? (
    <Tester rs={rs} ids={ids} />
  ) : (
    <EmptyState icon={IconApps} title="No application may call this API yet">
      Authorize one under Machine to Machine Applications, then ask for a token here.
    </EmptyState>
  );
}

function Tester({ rs, ids }: { rs: ResourceServer; ids: string[] }) {
  const { api, membership } = useTenant();
  const [chosen, setChosen] = useState(ids[0] ?? '');
  const { data: client, error } = useResource<Client>(clientPath(chosen));
  const secret = useSecret(client);
  const [scope, setScope] = useState('');
  const [answer, setAnswer] = useState<TokenAnswer | null>(null);
  const [refused, setRefused] = useState<{ question: Question; message: string } | null>(null);
  const ask = useAction(async () => {
    setAnswer(null);
    setRefused(null);
    const asked = { client_id: chosen, client_secret: await secret?.(), audience: rs.identifier, ...(scope && { scope }) };
    const body = { grant_type: 'client_credentials', ...asked };
    try {
      // The tenant's token endpoint under the console's own address: the real path, its refusals, its record in the log.
      setAnswer(await readAnswer<TokenAnswer>(await send(`/manage/t/${api.tenant}/oauth/token`, { method: 'POST', body })));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) {
        throw error;
      }
      setRefused({ question: asked, message: `${error.status}: ${error.message}` });
    }
  });
  const names = useNames(ids);

  return (
    <>
      <Panel
        title="Ask for a token"
        description="As one of the applications that are authorized for this API. It counts like any other, and is in the log."
      >
        <Stack gap="md">
          <NativeSelect
            label="Application"
            value={chosen}
            onChange={(e) => setChosen(e.currentTarget.value)}
            data={ids.map((id) => ({ value: id, label: names.get(id) ?? id }))}
          />
          <TextInput
            label="Permissions to ask for"
            placeholder="All that are granted"
            description="Separated by spaces."
            value={scope}
            onChange={(e) => setScope(e.currentTarget.value.trimStart())}
            spellCheck={false}
          />
          {client && !secret && (
            <Alert color="yellow">Your role does not show this application’s secret, so that it cannot be asked for a token here.</Alert>
          )}
          <CodeBlock label="The request" code={curl(membership.domain, chosen, rs.identifier, scope)} />
          <ActionError error={ask.error ?? error} />
          {refused && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {refused.message}
            </Alert>
          )}
          <Group>
            <Button onClick={() => void ask.run()} loading={ask.busy} disabled={!secret}>
              Ask for a token
            </Button>
          </Group>
        </Stack>
      </Panel>
      {answer && <Answer answer={answer} />}
      {refused && <WhyRefused question={refused.question} />}
    </>
  );
}

function curl(domain: string, clientID: string, audience: string, scope: string): string {
  return [
    'curl --request POST',
    `  --url https://${domain}/oauth/token`,
    "  --header 'content-type: application/x-www-form-urlencoded'",
    '  --data grant_type=client_credentials',
    `  --data client_id=${clientID}`,
    '  --data client_secret=YOUR_CLIENT_SECRET',
    `  --data-urlencode 'audience=${audience.replaceAll("'", "'\\''")}'`,
    ...(scope ? [`  --data-urlencode 'scope=${scope.replaceAll("'", "'\\''")}'`] : []),
  ].join(' \\\n');
}

/** The names of the clients of the first page; others show their id. */
function useNames(ids: string[]): Map<string, string> {
  const { data } = useResource<Client[]>('clients?is_global=false&fields=client_id,name&per_page=100');
  return new Map((data ?? []).filter((c) => ids.includes(c.client_id)).map((c) => [c.client_id, c.name]));
}

function Answer({ answer }: { answer: TokenAnswer }) {
  const decoded = decode(answer.access_token);
  return (
    <>
      <Panel
        title="The token"
        description={`A ${answer.token_type} token, good for ${duration(answer.expires_in)}.`}
        action={<Badge color="green">200 OK</Badge>}
      >
        <CodeBlock label="Access token" code={answer.access_token} wrap />
      </Panel>
      {decoded && (
        <Panel flush title="What it says">
          <Claims decoded={decoded} />
        </Panel>
      )}
    </>
  );
}

function Claims({ decoded }: { decoded: Decoded }) {
  const rows = [
    ...Object.entries(decoded.header).map(([name, value]) => ({ part: 'header', name, value })),
    ...Object.entries(decoded.payload).map(([name, value]) => ({ part: 'claim', name, value })),
  ];
  return (
    <div className={classes.scroll}>
      <Table className={classes.claims} aria-label="The token’s header and claims">
        <Table.Tbody>
          {rows.map(({ part, name, value }) => (
            <Table.Tr key={`${part} ${name}`}>
              <Table.Th scope="row" w={120}>
                <code>{name}</code>
                <Text size="xs" c="dimmed" fw={400}>
                  {part}
                </Text>
              </Table.Th>
              <Table.Td className={classes.value}>
                <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
                <Text size="sm" c="dimmed">
                  {explain(name, value)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
