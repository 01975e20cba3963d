import { Badge, Button, Code, Group, Modal, PasswordInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import { useAction } from '../api/hooks';
import { CreationModal } from '../forms/creationdialog';
import { useGuard } from '../forms/guard';
import { useSession } from '../shell/session';
import { ActionError } from '../ui/actionerror';
import type { Question } from '../ui/ask';
import { CopyField } from '../ui/copy';
import { Panel } from '../ui/panel';

interface Enrolment {
  secret: string;
  otpauth: string;
}

/** A code from an authenticator beside the password. */
export function SecondFactor() {
  const { session, refresh } = useSession();
  const on = session.operator.totp;
  const [enrolling, enrol] = useDisclosure(false);
  const [removing, remove] = useDisclosure(false);
  return (
    <Panel
      title="Second factor"
      description="A code from an authenticator app, asked for at each sign-in."
      action={
        on ? (
          <Group gap="sm">
            <Badge color="green">On</Badge>
            <Button variant="default" onClick={remove.open}>
              Turn off
            </Button>
          </Group>
        ) : (
          <Button onClick={enrol.open}>Turn on</Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {on ? 'Your password alone opens nothing.' : 'Whoever learns your password has your account. A second factor prevents that.'}
      </Text>
      <CreationModal opened={enrolling} onClose={enrol.close} title="Turn on the second factor" size="lg">
        <Enrol onOn={refresh} onDone={enrol.close} />
      </CreationModal>
      <Modal opened={removing} onClose={remove.close} title="Turn off the second factor?">
        <Remove
          onClose={remove.close}
          onDone={() => {
            refresh();
            remove.close();
          }}
        />
      </Modal>
    </Panel>
  );
}

function Remove({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { console } = useSession();
  const remove = async (current: string) => {
    await console.call('totp', { method: 'DELETE', body: { current } });
    onDone();
  };
  return (
    <PasswordForm verb="Turn off" color="red" act={remove} onClose={onClose}>
      <Text>From then on your password alone opens your account.</Text>
    </PasswordForm>
  );
}

interface EnrolProps {
  /** It is asked for from now on. */
  onOn: () => void;
  onDone: () => void;
}

function Enrol(props: EnrolProps) {
  const { console } = useSession();
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  if (enrolment) {
    return <Confirm enrolment={enrolment} {...props} />;
  }
  const begin = async (current: string) => setEnrolment(await console.call<Enrolment>('totp', { method: 'POST', body: { current } }));
  return <PasswordForm verb="Continue" act={begin} />;
}

interface PasswordFormProps {
  verb: string;
  color?: string;
  act: (current: string) => Promise<unknown>;
  /** Where it can be cancelled. */
  onClose?: () => void;
  children?: React.ReactNode;
}

/** Wants the password first: whoever finds a page that was left open changes nothing, and locks nobody out. */
function PasswordForm({ verb, color, act, onClose, children }: PasswordFormProps) {
  const { session } = useSession();
  const [current, setCurrent] = useState('');
  const action = useAction(act);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(current);
      }}
    >
      <Stack gap="md">
        {children}
        <input type="hidden" name="username" autoComplete="username" value={session.operator.email} readOnly />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          value={current}
          onChange={(e) => setCurrent(e.currentTarget.value)}
          error={action.error?.fields.current}
          data-autofocus
        />
        <ActionError error={action.error} fields={['current']} />
        <Group justify="flex-end">
          {onClose && (
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          )}
          <Button type="submit" color={color} loading={action.busy} disabled={!current}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Confirm({ enrolment, onOn, onDone }: EnrolProps & { enrolment: Enrolment }) {
  const { console } = useSession();
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const confirm = useAction(async () => {
    const answer = await console.call<{ recovery_codes?: string[] } | undefined>('totp', { method: 'PUT', body: { code } });
    onOn();
    if (answer?.recovery_codes) {
      setRecovery(answer.recovery_codes);
    } else {
      onDone();
    }
  });
  if (recovery) {
    return <RecoveryCodes codes={recovery} onDone={onDone} />;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void confirm.run();
      }}
    >
      <Stack gap="md">
        <Text>Scan this with your authenticator, or type the secret into it.</Text>
        <Group align="flex-start" gap="lg">
          <img
            src={`data:image/svg+xml,${encodeURIComponent(renderSVG(enrolment.otpauth, { border: 2 }))}`}
            alt="QR code of the secret"
            width={164}
            height={164}
          />
          <Stack gap="md" flex={1} miw={220}>
            <CopyField label="Secret" value={enrolment.secret} />
            <TextInput
              label="Code"
              description="The six digits that it shows now."
              value={code}
              onChange={(e) => setCode(e.currentTarget.value.replaceAll(/\D/g, ''))}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              error={confirm.error?.fields.code}
              data-autofocus
            />
          </Stack>
        </Group>
        <ActionError error={confirm.error} fields={['code']} />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.busy} disabled={code.length !== 6}>
            Turn on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const unkept: Question = {
  title: 'Close it without the codes?',
  text: 'They are not shown again. Without them and without your authenticator, only who runs writ can let you in.',
  yes: 'Close',
  no: 'Stay',
};

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  useGuard(true, unkept);
  return (
    <Stack gap="md">
      <Text>
        Keep these codes where you do not lose them with your authenticator. Each opens your account once; they are not shown again.
      </Text>
      <SimpleGrid cols={2} spacing="xs">
        {codes.map((code) => (
          <Code key={code}>{code}</Code>
        ))}
      </SimpleGrid>
      <CopyField label="All codes" value={codes.join(' ')} />
      <Group justify="flex-end">
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
