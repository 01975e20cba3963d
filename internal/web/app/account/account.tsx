import { useSession } from '../shell/session';
import { PageHeader } from '../ui/header';
import { Password } from './password';
import { Sessions } from './sessions';
import { SecondFactor } from './totp';

/** The operator's own account. */
export default function Account() {
  const { session } = useSession();
  const { operator } = session;
  return (
    <>
      <PageHeader title="Account">
        {operator.name && `${operator.name}, `}
        {operator.email}
      </PageHeader>
      <SecondFactor />
      <Password />
      <Sessions />
    </>
  );
}
