import { Button } from '@mantine/core';
import { refusal } from '../api/errors';
import { useAction } from '../api/hooks';
import { withQuery } from '../api/tenant';
import { useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { download } from '../ui/download';
import { IconDownload } from '../ui/icons';
import { type Range, type Usage, utcDay } from './types';

/** The most rows of one answer. */
const perPage = 10_000;

/** The usage of a time as CSV: a row for each day or month, application, API and organization. */
export function Download({ range }: { range: Range }) {
  const { api, membership } = useTenant();
  const save = useAction(async () => {
    const [from, to] = [utcDay(range.days - 1), utcDay(0)];
    const path = withQuery('writ/usage', { from, to, group_by: `${range.step},client,api,organization` });
    const { total } = await api.get<Usage>(withQuery(path, { per_page: 1 }));
    let text = '';
    for (let page = 0; page === 0 || page * perPage < total; page++) {
      const answer = await api.request(withQuery(path, { format: 'csv', page, per_page: perPage }));
      if (!answer.ok) {
        throw await refusal(answer);
      }
      const part = await answer.text();
      text += page === 0 ? part : part.slice(part.indexOf('\n') + 1); // the heading stands once
    }
    download(text, `usage-${membership.tenant}-${from}-${to}.csv`, 'text/csv');
  });
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={16} />} loading={save.busy} onClick={() => void save.run()}>
        Download CSV
      </Button>
      <ActionError error={save.error} />
    </>
  );
}
