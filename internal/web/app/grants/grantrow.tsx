import { ActionIcon, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { asApiError, useAction } from '../api/hooks';
import type { TenantApi } from '../api/tenant';
import type { ClientGrant, Scope } from '../api/types';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ConfirmDelete } from '../ui/confirm';
import { IconChevronDown } from '../ui/icons';
import classes from './grantrow.module.css';
import { findGrant } from './grants';
import { GrantScopes } from './grantscopes';

export interface GrantRowProps {
  title: string;
  subtitle: string;
  href: string;
  clientID: string;
  audience: string;
  /** The API's. */
  scopes: Scope[];
  system?: boolean;
  grant?: ClientGrant;
  /** After the grant was made, changed or deleted (undefined). */
  onChange: (grant: ClientGrant | undefined) => void;
}

/** One pair of application and API: the Authorize toggle, and the permissions behind the arrow. */
export function GrantRow(props: GrantRowProps) {
  const { title, subtitle, href, clientID, audience, grant, onChange } = props;
  const { api } = useTenant();
  const mayCreate = useCan('create:client_grants');
  const mayDelete = useCan('delete:client_grants');
  const [panel, setPanel] = useState<'never' | 'open' | 'shut'>('never'); // what was ticked outlives its being shut
  const opened = panel === 'open';
  const [asking, ask] = useDisclosure(false);
  const authorize = useAction(async () => {
    onChange(await makeOrFind(api, clientID, audience));
    setPanel('open');
  });
  const withdraw = async () => {
    await api.delete(`client-grants/${grant?.id}`);
    setPanel('never');
    onChange(undefined);
  };

  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <div className={classes.names}>
          <Link href={href} className={classes.title}>
            {title}
          </Link>
          <code>{subtitle}</code>
        </div>
        <Switch
          label={grant ? 'Authorized' : 'Authorize'}
          labelPosition="left"
          classNames={{ label: classes.label }}
          aria-label={`Authorize ${title}`}
          checked={grant !== undefined}
          disabled={authorize.busy || (grant ? !mayDelete : !mayCreate)}
          onChange={() => (grant ? ask.open() : void authorize.run())}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          className={grant ? undefined : classes.absent}
          onClick={() => setPanel(opened ? 'shut' : 'open')}
          aria-expanded={opened}
          aria-label={`Permissions of ${title}`}
        >
          <IconChevronDown size={17} className={opened ? classes.open : undefined} />
        </ActionIcon>
      </div>
      <ActionError error={authorize.error} />
      {panel !== 'never' && grant && (
        <div hidden={!opened}>
          <GrantScopes key={grant.id} {...props} grant={grant} />
        </div>
      )}
      <ConfirmDelete opened={asking} onClose={ask.close} title="Withdraw the authorization?" verb="Withdraw" act={withdraw}>
        The application gets no new tokens for this API. Those that it has live on until they expire.
      </ConfirmDelete>
    </li>
  );
}

/** Authorizes; or finds what somebody else has granted since the page was read. */
async function makeOrFind(api: TenantApi, clientID: string, audience: string): Promise<ClientGrant> {
  try {
    return await api.post<ClientGrant>('client-grants', { client_id: clientID, audience, scope: [] });
  } catch (error) {
    const theirs = asApiError(error).trouble === 'conflict' ? await findGrant(api, clientID, audience) : undefined;
    if (!theirs) {
      throw error;
    }
    notifications.show({ message: 'Somebody else has authorized this meanwhile. These are its permissions.' });
    return theirs;
  }
}
