import { Anchor, Group } from '@mantine/core';
import type { Client, ResourceServer } from '../api/types';
import { Link } from '../router';
import { SampleTabs } from '../samples/sampletabs';
import { useTenant } from '../shell/tenant';
import { Panel } from '../ui/panel';
import type { Made } from './plan';

interface OutcomeProps {
  made: Made;
  application: Client;
  api: ResourceServer;
  /** The sample that is shown first. */
  language: string;
}

/** What to do with what was made: the code, and where to go on. */
export function Outcome({ made, application, api, language }: OutcomeProps) {
  const { href } = useTenant();
  return (
    <>
      <Panel title="All is made" description="The application can ask for its first token.">
        <Group gap="lg">
          <Anchor component={Link} href={href(`/apis/${api.id}?tab=test`)} underline="always">
            Ask for a token here
          </Anchor>
          <Anchor component={Link} href={href(`/applications/${application.client_id}?tab=credentials`)} underline="always">
            Show its secret
          </Anchor>
          <Anchor component={Link} href={href('/start')} underline="always">
            See what is left to do
          </Anchor>
        </Group>
      </Panel>
      <SampleTabs client={application} api={api} grant={made.grant} language={language} />
    </>
  );
}
