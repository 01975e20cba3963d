import { ActionIcon, CopyButton, Group, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import classes from './copy.module.css';
import { IconCheck, IconCopy, IconEye, IconEyeOff } from './icons';

/** Copies a value; says so for a moment. */
export function Copy({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value} timeout={1600}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label} openDelay={copied ? 0 : 350}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={copied ? 'Copied' : label}
            className={classes.icon}
          >
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
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

/** A secret, hidden until asked for. The field holds dots meanwhile, so that no screen shot has the secret. */
export function SecretField({ label, value, description }: { label: string; value: string; description?: string }) {
  const [shown, setShown] = useState(false);
  return (
    <TextInput
      label={label}
      description={description}
      value={shown ? value : '•'.repeat(32)}
      readOnly
      classNames={{ input: classes.input }}
      rightSectionWidth={64}
      rightSection={
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-pressed={shown}
            aria-label={shown ? `Hide: ${label}` : `Show: ${label}`}
            onClick={() => setShown(!shown)}
            className={classes.icon}
          >
            {shown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
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
