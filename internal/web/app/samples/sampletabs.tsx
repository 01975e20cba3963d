import { ActionIcon, SegmentedControl, Stack, Switch, Tabs, Text, TextInput, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import type { ApiError } from '../api/errors';
import { useAction } from '../api/hooks';
import type { Client, ClientGrant, ResourceServer } from '../api/types';
import { useSecret } from '../applications/secret';
import { useSession } from '../shell/session';
import { useTenant } from '../shell/tenant';
import { Clamped } from '../ui/clamped';
import { CodeBlock } from '../ui/code';
import { IconEye, IconEyeOff } from '../ui/icons';
import { Panel } from '../ui/panel';
import { addressOf, defaultAddress, maskedSecret, reply, runLines } from './facts';
import { Highlighted } from './highlight';
import type { Language, SampleValues } from './language';
import { languages } from './languages';
import classes from './sampletabs.module.css';

interface SampleTabsProps {
  /** Who calls. Its secret can be put into the samples where the role shows it. */
  client: Client;
  /** What is called. */
  api: ResourceServer;
  /** What the application may do there; the sample reply shows it. */
  grant?: ClientGrant;
  /** Which is shown to who has not chosen one yet. Default curl. */
  language?: string;
}

type Variant = 'once' | 'kept';

const variants = [
  { value: 'once', label: 'One call' },
  { value: 'kept', label: 'Keep the token' },
];

/** Programs in ten languages that ask for a token as the application, and call the API with it. */
export function SampleTabs({ client, api, grant, language = 'curl' }: SampleTabsProps) {
  const { membership } = useTenant();
  const [chosen, choose] = useLocalStorage({ key: 'writ-language', defaultValue: language, getInitialValueInEffect: false });
  const [variant, setVariant] = useState<Variant>('once');
  const [typed, setTyped] = useState<string | null>(null);
  const readSecret = useSecret(client);
  const { secret, ...embedding } = useEmbedding(readSecret);
  const fallback = defaultAddress(api);
  const address = typed === null ? fallback : addressOf(typed);
  const values: SampleValues = {
    domain: membership.domain,
    clientID: client.client_id,
    audience: api.identifier,
    apiURL: address ?? fallback,
    secret,
  };
  const active = languages.some((l) => l.id === chosen) ? chosen : 'curl';

  return (
    <Panel
      title="Call your API"
      description={<Clamped text={`A whole program: it asks for a token as ${client.name}, and calls the API with it.`} lines={3} />}
    >
      <div className={classes.choices}>
        <TextInput
          label="Address of your API"
          description="What the sample calls. The identifier is a name, and need not be an address."
          value={typed ?? fallback}
          onChange={(e) => setTyped(e.currentTarget.value)}
          error={address === null ? 'Type an address that begins with https:// or http://.' : undefined}
          className={classes.address}
        />
        <SegmentedControl
          aria-label="Variant"
          data={variants}
          value={variant}
          onChange={(value) => setVariant(value === 'kept' ? 'kept' : 'once')}
        />
      </div>
      <Tabs value={active} onChange={(id) => choose(id ?? 'curl')} variant="pills" keepMounted={false} classNames={{ tab: classes.tab }}>
        <Tabs.List aria-label="Language" className={classes.languages}>
          {languages.map((l) => (
            <Tabs.Tab key={l.id} value={l.id}>
              {l.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {languages.map((l) => (
          <Tabs.Panel key={l.id} value={l.id} className={classes.grid}>
            <Code language={l} variant={variant} values={values} />
            <Stack gap="md" miw={0}>
              <SecretSwitch available={readSecret !== undefined} {...embedding} />
              <Run language={l} embedded={secret !== undefined} />
              <CodeBlock label="Sample reply" code={reply(api, grant)} />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

/** The sample itself. A secret in it is masked until asked for; the copy has it. */
function Code({ language, variant, values }: { language: Language; variant: Variant; values: SampleValues }) {
  const [shown, show] = useState(false);
  const write = language[variant];
  const masks = values.secret !== undefined && !shown;
  const seen = write(masks ? { ...values, secret: maskedSecret(values.secret ?? '') } : values);
  const label = shown ? 'Hide the secret' : 'Show the secret';
  return (
    <div className={classes.sample}>
      <CodeBlock
        label={language.file}
        code={write(values)}
        action={
          values.secret !== undefined && (
            <Tooltip label={label}>
              <ActionIcon variant="subtle" color="gray" aria-pressed={shown} aria-label={label} onClick={() => show(!shown)}>
                {shown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
              </ActionIcon>
            </Tooltip>
          )
        }
      >
        <Highlighted code={seen} grammar={language.grammar} />
      </CodeBlock>
      {variant === 'kept' && (
        <Text size="sm" c="dimmed">
          {language.keeps} It asks again a minute before the token expires, and once when the API refuses it.
        </Text>
      )}
    </div>
  );
}

interface Embedding {
  /** Whether somebody wants the secret in the sample. */
  on: boolean;
  set: (on: boolean) => void;
  /** Why it could not be read. */
  error?: ApiError;
}

/** The secret is read when somebody wants it in the sample, and is absent until it is there. */
function useEmbedding(read: (() => Promise<string>) | undefined): Embedding & { secret?: string } {
  const [on, setOn] = useState(false);
  const [secret, setSecret] = useState<string>();
  const reading = useAction(async () => setSecret(await read?.()));
  const set = (next: boolean) => {
    setOn(next);
    if (next) {
      void reading.run().then(setOn);
    }
  };
  return { on, set, error: reading.error, secret: on ? secret : undefined };
}

function SecretSwitch({ available, on, set, error }: Embedding & { available: boolean }) {
  if (!available) {
    return (
      <Text size="sm" c="dimmed">
        Your role does not show this application’s secret. The sample reads it from <code>WRIT_CLIENT_SECRET</code>.
      </Text>
    );
  }
  return (
    <Switch
      label="Copy with the secret"
      description={on ? 'The copy holds the secret: keep it out of source code.' : 'Off: the sample reads WRIT_CLIENT_SECRET.'}
      checked={on}
      error={error?.message}
      onChange={(e) => set(e.currentTarget.checked)}
    />
  );
}

function Run({ language, embedded }: { language: Language; embedded: boolean }) {
  const { docs_url: docs, local_ca: ca } = useSession().session;
  return (
    <div>
      <CodeBlock label="Run it" code={runLines(language, ca, embedded).join('\n')} wrap />
      <Text size="sm" c="dimmed" mt="xs">
        Needs {language.needs}. Save the sample as <code>{language.file}</code>
        {embedded ? '.' : '; the line with read waits for the secret, and keeps it out of your shell’s history.'}
      </Text>
      {ca && (
        <Text size="sm" c="dimmed" mt="xs">
          writ’s certificate is of its own CA, whose files are in its{' '}
          <a href={`${docs}/configuration.md#the-data-directory`} target="_blank" rel="noreferrer">
            data directory
          </a>
          . On another machine, copy the file there first.
        </Text>
      )}
    </div>
  );
}
