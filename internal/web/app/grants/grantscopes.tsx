import { Button, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Fragment, useState } from 'react';
import type { ClientGrant } from '../api/types';
import { ConflictAlert } from '../forms/conflict';
import { type Collision, useEdit } from '../forms/edit';
import { useCan } from '../shell/tenant';
import { ActionError } from '../ui/actionerror';
import { ScopePicker } from '../ui/scopes';
import type { GrantRowProps } from './grantrow';
import classes from './grantrow.module.css';
import { usages } from './organizations';
import { OrganizationSupport } from './organizationsupport';
import { type GrantValues, joinScopes, readGrant, type Scopes, without, writeGrant } from './values';

/** The form of one grant: its permissions, and what its tokens have to do with organizations. */
export function GrantScopes({ title, scopes, system, grant, onChange }: GrantRowProps & { grant: ClientGrant }) {
  const readOnly = !useCan('update:client_grants');
  const edit = useEdit<ClientGrant, GrantValues>({
    resource: { data: grant, set: onChange },
    path: `client-grants/${grant.id}`,
    read: readGrant,
    write: writeGrant,
    saved: () => notifications.show({ color: 'green', message: `The authorization for ${title} is updated.` }),
    readOnly,
    join: { scope: joinScopes },
  });
  const { scope, organization_usage: usage, allow_any_organization: any } = edit.values;
  const [listed, setListed] = useState(scope ?? []); // what to go back to from all permissions
  const choose = (chosen: string[]) => {
    edit.set('scope', [...chosen].sort());
  };
  const chooseAll = (all: boolean) => {
    if (scope) {
      setListed(scope);
    }
    edit.set('scope', all ? null : listed);
  };
  return (
    <Stack gap="sm" className={classes.body}>
      {!system && (
        <Checkbox
          size="xs"
          label="All permissions, also those that the API gets later"
          checked={scope === null}
          disabled={readOnly}
          onChange={(e) => chooseAll(e.currentTarget.checked)}
        />
      )}
      {scope ? (
        <ScopePicker scopes={scopes} chosen={scope} onChange={choose} readOnly={readOnly} />
      ) : (
        <Text size="sm" c="dimmed">
          {scopes.length} permissions today.
        </Text>
      )}
      <OrganizationSupport
        usage={usage}
        setUsage={(next) => edit.set('organization_usage', next)}
        any={any}
        setAny={(next) => edit.set('allow_any_organization', next)}
        readOnly={readOnly}
      />
      {edit.conflict && <ConflictAlert conflict={edit.conflict} describe={describe} />}
      <ActionError error={edit.error} />
      {!readOnly && (
        <Group justify="flex-end">
          <Button onClick={edit.save} loading={edit.busy} disabled={!edit.dirty}>
            Update
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** What the other one has done, and what was done here. */
function describe({ name, before, mine, theirs }: Collision<GrantValues>): React.ReactNode {
  if (name === 'scope') {
    return (
      <>
        They have {deed(before as Scopes, theirs as Scopes)}. You have {deed(before as Scopes, mine as Scopes)}.
      </>
    );
  }
  const label = name === 'organization_usage' ? 'Organization support' : 'Access to any organization';
  return `${label} is now ${worded(theirs)}, yours is ${worded(mine)}.`;
}

function worded(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : (usages.find((u) => u.value === value)?.label ?? String(value));
}

function deed(before: Scopes, after: Scopes): React.ReactNode {
  if (!before || !after) {
    return after ? <>chosen {after.length > 0 ? <Names values={after} /> : 'no permissions'}</> : 'chosen all permissions';
  }
  const added = without(after, before);
  const removed = without(before, after);
  return (
    <>
      {added.length > 0 && <Names verb="added" values={added} />}
      {added.length > 0 && removed.length > 0 && ' and '}
      {removed.length > 0 && <Names verb="removed" values={removed} />}
    </>
  );
}

/** How many permissions are named; of more there is their number. */
const named = 8;

function Names({ verb = '', values }: { verb?: string; values: string[] }) {
  return (
    <>
      {verb}{' '}
      {values.slice(0, named).map((v, i) => (
        <Fragment key={v}>
          {i > 0 && ', '}
          <Code className={classes.scope}>{v}</Code>
        </Fragment>
      ))}
      {values.length > named && ` and ${values.length - named} more`}
    </>
  );
}
