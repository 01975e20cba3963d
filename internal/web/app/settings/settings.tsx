import { DefaultQuotas } from '../quota/defaults';
import { useCan, useTenant } from '../shell/tenant';
import { EnvironmentTag } from '../ui/environment';
import { PageHeader } from '../ui/header';
import { UrlTabs } from '../ui/tabs';
import { AdvancedSettings } from './advanced';
import { GeneralSettings } from './general';
import { SigningKeys } from './keys';
import { Members } from './members';

/** The tenant's own settings. */
export default function SettingsPage() {
  const { membership } = useTenant();
  const keys = useCan('read:signing_keys');
  return (
    <>
      <PageHeader title="Settings" mark={<EnvironmentTag environment={membership.environment} />} help="dashboard.md#settings">
        {membership.tenant} at {membership.domain}
      </PageHeader>
      <UrlTabs
        tabs={[
          { id: 'general', label: 'General', view: <GeneralSettings /> },
          { id: 'keys', label: 'Signing keys', view: <SigningKeys />, hidden: !keys },
          { id: 'members', label: 'Members', view: <Members /> },
          { id: 'quota', label: 'Quota', view: <DefaultQuotas /> },
          { id: 'advanced', label: 'Advanced', view: <AdvancedSettings /> },
        ]}
      />
    </>
  );
}
