import { Text } from '@mantine/core';
import classes from './clamped.module.css';

/** Text that somebody chose, and that may be very long: so many lines of it, and all of it where it is pointed at. */
export function Clamped({ text, lines = 2 }: { text: string; lines?: number }) {
  return (
    <Text span inherit lineClamp={lines} className={classes.text} title={text.length > 40 ? text : undefined}>
      {text}
    </Text>
  );
}
