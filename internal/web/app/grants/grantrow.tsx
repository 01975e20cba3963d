import { ActionIcon, Button, Checkbox, Group, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import type { ClientGrant, Scope } from '../api/types';
import { useGuard } from '../forms/guard';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ConfirmDelete } from '../ui/confirm';
import { IconChevronDown } from '../ui/icons';
import { ScopePicker } from '../ui/scopes';
import classes from './grantrow.module.css';
import { usageOf } from './organizations';
import { OrganizationSupport } from './organizationsupport';

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
  const [opened, { toggle, open, close }] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  const authorize = useAction(async () => {
    onChange(await api.post<ClientGrant>('client-grants', { client_id: clientID, audience, scope: [] }));
    open();
  });
  const withdraw = async () => {
    await api.delete(`client-grants/${grant?.id}`);
    close();
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
          onClick={toggle}
          aria-expanded={opened}
          aria-label={`Permissions of ${title}`}
        >
          <IconChevronDown size={17} className={opened ? classes.open : undefined} />
        </ActionIcon>
      </div>
      <ActionError error={authorize.error} />
      {opened && grant && <GrantScopes key={grant.id} {...props} grant={grant} />}
      <ConfirmDelete opened={asking} onClose={ask.close} title="Withdraw the authorization?" verb="Withdraw" act={withdraw}>
        The application gets no new tokens for this API. Those that it has live on until they expire.
      </ConfirmDelete>
    </li>
  );
}

function GrantScopes({ title, scopes, system, grant, onChange }: GrantRowProps & { grant: ClientGrant }) {
  const { api } = useTenant();
  const readOnly = !useCan('update:client_grants');
  const [chosen, setChosen] = useState(grant.scope ?? []);
  const [all, setAll] = useState(grant.allow_all_scopes ?? false);
  const [usage, setUsage] = useState(usageOf(grant));
  const [any, setAny] = useState(grant.allow_any_organization ?? false);
  const changed = {
    ...(all !== (grant.allow_all_scopes ?? false) && { allow_all_scopes: all }),
    ...(!all && (grant.allow_all_scopes || !sameSet(chosen, grant.scope ?? [])) && { scope: chosen }),
    ...(usage !== usageOf(grant) && { organization_usage: usage }),
    ...(any !== (grant.allow_any_organization ?? false) && { allow_any_organization: any }),
  };
  const dirty = Object.keys(changed).length > 0;
  useGuard(dirty);
  const update = useAction(async () => {
    onChange(await api.patch<ClientGrant>(`client-grants/${grant.id}`, changed));
    notifications.show({ color: 'green', message: `The authorization for ${title} is updated.` });
  });
  return (
    <Stack gap="sm" className={classes.body}>
      {!system && (
        <Checkbox
          size="xs"
          label="All permissions, also those that the API gets later"
          checked={all}
          disabled={readOnly}
          onChange={(e) => setAll(e.currentTarget.checked)}
        />
      )}
      {all ? (
        <Text size="sm" c="dimmed">
          {scopes.length} permissions today.
        </Text>
      ) : (
        <ScopePicker scopes={scopes} chosen={chosen} onChange={setChosen} readOnly={readOnly} />
      )}
      <OrganizationSupport usage={usage} setUsage={setUsage} any={any} setAny={setAny} readOnly={readOnly} />
      <ActionError error={update.error} />
      {!readOnly && (
        <Group justify="flex-end">
          <Button onClick={() => void update.run()} loading={update.busy} disabled={!dirty}>
            Update
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function sameSet(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((v) => b.includes(v));
}
