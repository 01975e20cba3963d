import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/hooks';
import { useClipboard, type Wanted } from './clipboard';
import classes from './copy.module.css';
import { IconCheck, IconCopy, IconEye, IconEyeOff, IconX } from './icons';

const said = { idle: undefined, copied: 'Copied', failed: 'The browser lets nothing be copied here' };

/** Copies a value; says so for a moment. */
export function Copy({ value, label }: { value: Wanted; label: string }) {
  const { state, copy } = useClipboard(value);
  return (
    <Tooltip label={said[state] ?? label} openDelay={state === 'idle' ? 350 : 0}>
      <ActionIcon
        variant="subtle"
        color={state === 'copied' ? 'green' : 'gray'}
        onClick={copy}
        aria-label={said[state] ?? label}
        className={classes.icon}
      >
        {state === 'copied' ? <IconCheck size={15} /> : state === 'failed' ? <IconX size={15} /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** A value to be copied, in the machine's own letters. */
export function CopyField({ label, value, description }: { label: string; value: string; description?: string }) {
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      readOnly
      classNames={{ input: classes.input }}
      rightSection={<Copy value={value} label={`Copy: ${label}`} />}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

interface SecretFieldProps {
  label: string;
  description?: string;
  /** The secret, or what reads it when it is to be shown or copied. */
  value: Wanted;
}

/** A secret, hidden until asked for. The field holds dots meanwhile, so that no screen shot has the secret. */
export function SecretField({ label, value, description }: SecretFieldProps) {
  const [shown, setShown] = useState<string | null>(null);
  const show = useAction(async () => setShown(typeof value === 'string' ? value : await value()));
  return (
    <TextInput
      label={label}
      description={description}
      value={shown ?? '•'.repeat(32)}
      readOnly
      error={show.error?.message}
      classNames={{ input: classes.input }}
      rightSectionWidth={64}
      rightSection={
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-pressed={shown !== null}
            aria-label={shown !== null ? `Hide: ${label}` : `Show: ${label}`}
            onClick={() => (shown !== null ? setShown(null) : void show.run())}
            className={classes.icon}
          >
            {shown !== null ? <IconEyeOff size={15} /> : <IconEye size={15} />}
          </ActionIcon>
          <Copy value={value} label={`Copy: ${label}`} />
        </Group>
      }
    />
  );
}

/** An id within a line of text or a table, with its copy button. */
export function InlineId({ value, label }: { value: string; label: string }) {
  return (
    <span className={classes.inline}>
      <code>{value}</code>
      <Copy value={value} label={label} />
    </span>
  );
}
