import { ActionIcon, Progress, Text, Tooltip } from '@mantine/core';
import { useResource } from '../api/hooks';
import { IconRefresh } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ErrorState, LoadingRows } from '../ui/states';
import classes from './meter.module.css';
import type { QuotaUse } from './types';

const sources: Record<QuotaUse['source'], string> = {
  client: 'By the application’s own quota.',
  organization: 'By the organization’s own quota.',
  tenant: 'By the tenant’s default.',
  none: 'There is no quota, and nothing is counted against one.',
};

const names = { per_hour: 'This hour', per_day: 'Today (UTC)' };
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** What is used of the quota that counts now. */
export function Meter({ path }: { path: string }) {
  const use = useResource<QuotaUse>(path);
  const refresh = (
    <Tooltip label="Refresh">
      <ActionIcon variant="default" size={36} aria-label="Refresh" loading={use.loading && use.data !== undefined} onClick={use.reload}>
        <IconRefresh size={16} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Panel title="Used so far" description={use.data && sources[use.data.source]} action={refresh}>
      {use.error && !use.data ? (
        <ErrorState error={use.error} retry={use.reload} />
      ) : !use.data ? (
        <LoadingRows rows={2} />
      ) : (
        <Buckets use={use.data} />
      )}
    </Panel>
  );
}

function Buckets({ use }: { use: QuotaUse }) {
  if (use.buckets.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Tokens are not limited.
      </Text>
    );
  }
  const lax = use.client_credentials?.enforce === false;
  return (
    <div className={classes.buckets}>
      {use.buckets.map((b) => {
        const share = Math.min(100, (b.used / b.quota) * 100);
        return (
          <div key={b.bucket}>
            <div className={classes.line}>
              <strong>{names[b.bucket]}</strong>
              <span>
                {b.used.toLocaleString('en')} of {b.quota.toLocaleString('en')} tokens
              </span>
            </div>
            <Progress
              value={share}
              size="lg"
              color={share >= 100 && !lax ? 'red' : share >= 80 ? 'yellow' : 'green'}
              aria-label={`${names[b.bucket]}: tokens used`}
            />
            <Text size="xs" c="dimmed" mt={4}>
              Starts again at {clock.format(new Date(b.resets_at))}. {lax && 'Not enforced.'}
            </Text>
          </div>
        );
      })}
    </div>
  );
}
