import { Anchor, Group, Stack } from '@mantine/core';
import { Link } from '../router';
import { useTenant } from '../shell/tenant';
import { CopyField } from '../ui/copy';
import { Panel } from '../ui/panel';
import type { Made, Wish } from './plan';

/** What to do with what was made. */
export function Outcome({ made, wish }: { made: Made; wish: Wish; language: string }) {
  const { href, membership } = useTenant();
  const id = made.application?.client_id ?? '';
  const apiID = made.api?.id ?? wish.existing?.id ?? '';
  return (
    <Panel title="All is made" description="The application can ask for its first token.">
      <Stack gap="md" maw={640}>
        <CopyField label="Token endpoint" value={`https://${membership.domain}/oauth/token`} />
        <CopyField label="Client ID" value={id} />
        <CopyField label="Audience" value={wish.existing?.identifier ?? wish.identifier.trim()} />
        <Group gap="lg">
          <Anchor component={Link} href={href(`/apis/${apiID}?tab=test`)}>
            Ask for a token here
          </Anchor>
          <Anchor component={Link} href={href(`/applications/${id}?tab=credentials`)}>
            Its secret
          </Anchor>
          <Anchor component={Link} href={href('/start')}>
            What is left to do
          </Anchor>
        </Group>
      </Stack>
    </Panel>
  );
}
