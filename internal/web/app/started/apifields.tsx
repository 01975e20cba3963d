import { Anchor, NativeSelect, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ResourceServer } from '../api/types';
import { APISelect } from '../apis/apiselect';
import { Link } from '../router';
import { useCan, useTenant } from '../shell/tenant';
import { ScopePicker } from '../ui/scopes';
import { duration } from '../ui/time';
import type { Made, Wish } from './plan';
import type { UseCase } from './usecases';

interface PartProps {
  wish: Wish;
  set: (change: Partial<Wish>) => void;
}

interface APIFieldsProps extends PartProps {
  useCase: UseCase;
  made: Made;
  /** What was typed is on its way. */
  busy: boolean;
  /** What is wrong with a field. */
  fault: (field: keyof Wish) => string | undefined;
}

/** What is called: an API that there is, or a new one. What was made stays as it is. */
export function APIFields({ wish, set, useCase, made, busy, fault }: APIFieldsProps) {
  const mayRegister = useCan('create:resource_servers');
  return (
    <Stack gap="md" maw={640}>
      <APIChoice wish={wish} set={set} mayRegister={mayRegister} disabled={busy || made.api !== undefined || made.grant !== undefined} />
      {wish.existing ? (
        <ExistingAPI rs={wish.existing} useCase={useCase} wish={wish} set={set} busy={busy} />
      ) : (
        mayRegister && <NewAPI wish={wish} set={set} useCase={useCase} fault={fault} disabled={busy || made.api !== undefined} />
      )}
    </Stack>
  );
}

function isOwn(rs: ResourceServer): boolean {
  return !rs.is_system;
}

function APIChoice({ wish, set, mayRegister, disabled }: PartProps & { mayRegister: boolean; disabled: boolean }) {
  return (
    <APISelect
      label="API"
      placeholder={mayRegister ? 'A new one' : 'Choose an API'}
      description={mayRegister ? 'A new one, or one that is registered already.' : 'Your role registers no new ones.'}
      disabled={disabled}
      value={wish.existing}
      onChange={(existing) => set({ existing, granted: [] })}
      wanted={isOwn}
    />
  );
}

function ExistingAPI({ rs, useCase, wish, set, busy }: PartProps & Pick<APIFieldsProps, 'useCase' | 'busy'> & { rs: ResourceServer }) {
  const { href } = useTenant();
  const longer = rs.token_lifetime > useCase.lifetime;
  return (
    <>
      <Text size="sm" c="dimmed">
        Its tokens live {duration(rs.token_lifetime)}.{' '}
        {longer && (
          <>
            For this, {duration(useCase.lifetime)} would be better:{' '}
            <Anchor component={Link} href={href(`/apis/${rs.id}`)} inherit underline="always">
              change it
            </Anchor>{' '}
            if its other applications allow.
          </>
        )}
      </Text>
      <ScopePicker scopes={rs.scopes ?? []} chosen={wish.granted} onChange={(granted) => set({ granted })} readOnly={busy} />
    </>
  );
}

const lifetimes = [300, 900, 3600, 14_400, 86_400];

function NewAPI({ wish, set, useCase, fault, disabled }: PartProps & Pick<APIFieldsProps, 'useCase' | 'fault'> & { disabled: boolean }) {
  return (
    <>
      <TextInput
        label="Name"
        value={wish.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
        error={fault('name')}
        disabled={disabled}
      />
      <TextInput
        label="Identifier"
        description="The audience of its tokens. A URL that you own is best; it is never called, and cannot be changed."
        value={wish.identifier}
        onChange={(e) => set({ identifier: e.currentTarget.value })}
        error={fault('identifier')}
        disabled={disabled}
        spellCheck={false}
      />
      <TagsInput
        label="Permissions"
        description="What is done to what: read:timesheets. The application gets all of them; add others to the API later."
        placeholder={wish.scope.length === 0 ? useCase.api.scope : undefined}
        value={wish.scope}
        onChange={(scope) => set({ scope })}
        splitChars={[',', ' ']}
        error={fault('scope')}
        disabled={disabled}
        acceptValueOnBlur
      />
      <Lifetime wish={wish} set={set} useCase={useCase} fault={fault('lifetime')} disabled={disabled} />
    </>
  );
}

function Lifetime({ wish, set, useCase, fault, disabled }: PartProps & { useCase: UseCase; fault?: string; disabled: boolean }) {
  const [wanted, setOwn] = useState(false);
  const own = wanted || !lifetimes.some((n) => n === wish.lifetime);
  const choose = (value: string) => {
    setOwn(value === 'own');
    if (value !== 'own') {
      set({ lifetime: Number(value) });
    }
  };
  return (
    <>
      <NativeSelect
        label="Life of a token"
        description={useCase.lifetimeWhy}
        value={own ? 'own' : String(wish.lifetime)}
        onChange={(e) => choose(e.currentTarget.value)}
        data={[...lifetimes.map((n) => ({ value: String(n), label: duration(n) })), { value: 'own', label: 'Another …' }]}
        error={own ? undefined : fault}
        disabled={disabled}
      />
      {own && (
        <NumberInput
          label="Seconds"
          description={Number(wish.lifetime) > 0 ? `That is ${duration(Number(wish.lifetime))}.` : 'At least 1, at most 30 days.'}
          value={wish.lifetime}
          onChange={(lifetime) => set({ lifetime })}
          min={1}
          allowNegative={false}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
          error={fault}
          disabled={disabled}
        />
      )}
    </>
  );
}
