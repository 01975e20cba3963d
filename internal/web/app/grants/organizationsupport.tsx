import { Checkbox, NativeSelect } from '@mantine/core';
import type { OrganizationUsage } from '../api/types';
import classes from './grantrow.module.css';
import { usages } from './organizations';

interface OrganizationSupportProps {
  usage: OrganizationUsage;
  setUsage: (usage: OrganizationUsage) => void;
  /** allow_any_organization. */
  any: boolean;
  setAny: (any: boolean) => void;
  readOnly: boolean;
}

/** What the grant's tokens have to do with organizations. */
export function OrganizationSupport({ usage, setUsage, any, setAny, readOnly }: OrganizationSupportProps) {
  return (
    <div className={classes.organizations}>
      <NativeSelect
        size="xs"
        label="Organization support"
        description={usages.find((u) => u.value === usage)?.text}
        value={usage}
        disabled={readOnly}
        onChange={(e) => setUsage(e.currentTarget.value as OrganizationUsage)}
        data={usages.map(({ value, label }) => ({ value, label }))}
      />
      {(usage !== 'deny' || any) && (
        <Checkbox
          size="xs"
          label="Access to any organization"
          description="Without it, only to those that list it under Machine-to-Machine Access."
          checked={any}
          disabled={readOnly}
          onChange={(e) => setAny(e.currentTarget.checked)}
        />
      )}
    </div>
  );
}
