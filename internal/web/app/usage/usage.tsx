import { ActionIcon, Alert, Group, SegmentedControl, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import { useQuery } from '../router';
import { Beside, Figures } from '../ui/figures';
import { PageHeader } from '../ui/header';
import { IconRefresh } from '../ui/icons';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { Download } from './download';
import { OverTime } from './overtime';
import { ByAPI, ByApplication, ByOrganization } from './tables';
import { type Range, rangeOf, ranges, type Usage, utcDay } from './types';

/** How many tokens were issued, by day or month, application, API and organization. */
export default function UsagePage() {
  const [chosen, choose] = useQuery('range', '30d');
  const [round, setRound] = useState(0);
  const range = rangeOf(chosen);
  return (
    <>
      <PageHeader title="Usage" help="dashboard.md#usage" action={<Download range={range} />}>
        Tokens issued, by UTC day. The counts are kept for 400 days, also of events that the log no longer has.
      </PageHeader>
      <Group gap="sm" mb="md">
        <SegmentedControl
          aria-label="Time"
          size="sm"
          value={range.value}
          onChange={choose}
          data={ranges.map(({ value, label }) => ({ value, label }))}
        />
        <Tooltip label="Count again">
          <ActionIcon variant="default" size={36} aria-label="Count again" onClick={() => setRound(round + 1)}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Counted key={`${range.value} ${round}`} range={range} />
    </>
  );
}

function Counted({ range }: { range: Range }) {
  const [query] = useState(() => ({ from: utcDay(range.days - 1), to: utcDay(0), per_page: 10_000 }));
  const { data, error, reload } = useResource<Usage>(withQuery('writ/usage', { ...query, group_by: range.step }));
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={10} />;
  }
  if (data.tokens + data.management_api_tokens === 0) {
    return <EmptyState title="No tokens in this time">Each token that is issued is counted here.</EmptyState>;
  }
  return (
    <>
      {error && (
        <Alert color="yellow" mb="md">
          {error.message}
        </Alert>
      )}
      <Figures
        of={[
          ['Tokens for your APIs', data.tokens.toLocaleString('en')],
          ['Tokens for the Management API', data.management_api_tokens.toLocaleString('en')],
        ]}
      />
      <OverTime usage={data} step={range.step} />
      <Beside left={<ByApplication query={query} />} right={<ByAPI query={query} />} />
      <ByOrganization query={query} />
    </>
  );
}
