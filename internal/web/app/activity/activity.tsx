import { ActionIcon, Alert, Group, SegmentedControl, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { type Resource, useResource } from '../api/hooks';
import { withQuery } from '../api/tenant';
import { useQuery } from '../router';
import { Beside, Figures } from '../ui/figures';
import { PageHeader } from '../ui/header';
import { IconActivity, IconRefresh } from '../ui/icons';
import { EmptyState, ErrorState, LoadingRows } from '../ui/states';
import { Moment } from '../ui/time';
import { type Activity, beginning, ranges } from './data';
import { OverTime } from './overtime';
import { ByAPI, ByApplication, TopRefusals } from './tables';

/** What machines ask for: tokens and refusals over time, by application, by API, and why. */
export default function ActivityPage() {
  const [range, setRange] = useQuery('range', '24h');
  const [now, setNow] = useState(Date.now);
  const from = beginning(range, now).toISOString();
  const activity = useResource<Activity>(withQuery('writ/activity', { from }));
  const refresh = () => {
    setNow(Date.now());
    activity.reload();
  };
  return (
    <>
      <PageHeader title="Activity" help="dashboard.md#activity">
        Token requests, counted from the log.
      </PageHeader>
      <Group gap="sm" mb="md">
        <SegmentedControl
          aria-label="Time"
          size="sm"
          value={range}
          onChange={setRange}
          data={ranges.map(({ value, label }) => ({ value, label }))}
        />
        <Tooltip label="Count again">
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Count again"
            loading={activity.loading && activity.data !== undefined}
            onClick={refresh}
          >
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Counted activity={activity} range={range} />
    </>
  );
}

function Counted({ activity: { data, error, reload }, range }: { activity: Resource<Activity>; range: string }) {
  if (error && !data) {
    return <ErrorState error={error} retry={reload} />;
  }
  if (!data) {
    return <LoadingRows rows={10} />;
  }
  if (data.issued + data.refused === 0) {
    return (
      <EmptyState icon={IconActivity} title="No token requests in this time">
        Each request for a token is counted here, whether it is granted or refused.
      </EmptyState>
    );
  }
  return (
    <>
      {data.counted_from !== data.from && (
        <Alert color="yellow" mb="md">
          There were too many requests to count all: the figures begin at <Moment date={data.counted_from} />.
        </Alert>
      )}
      <Figures of={figures(data)} />
      <OverTime activity={data} range={range} />
      <Beside left={<ByApplication activity={data} />} right={<ByAPI activity={data} />} />
      <TopRefusals activity={data} />
    </>
  );
}

function figures(data: Activity): [string, string][] {
  const share = (data.refused / (data.issued + data.refused)) * 100;
  return [
    ['Tokens issued', data.issued.toLocaleString('en')],
    ['Requests refused', data.refused.toLocaleString('en')],
    ['Of all, refused', `${share.toLocaleString('en', { maximumFractionDigits: 1 })}%`],
    ['Applications', data.applications.filter((a) => a.client_id).length.toLocaleString('en')],
  ];
}
