import { PageHeader } from '../ui/header';
import { EventList } from './events';

/** The tenant's log. */
export default function Logs() {
  return (
    <>
      <PageHeader title="Logs" help="dashboard.md#logs">
        Every token that was issued or refused, and every change of the configuration.
      </PageHeader>
      <EventList />
    </>
  );
}
