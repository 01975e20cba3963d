import { Badge } from '@mantine/core';
import classes from './explorer.module.css';

const colors: Record<string, string> = { GET: 'gray', POST: 'green', PUT: 'yellow', PATCH: 'yellow', DELETE: 'red' };

/** An HTTP method, told apart by colour, too. */
export function Method({ name }: { name: string }) {
  return (
    <Badge size="xs" color={colors[name] ?? 'gray'} className={classes.method}>
      {name}
    </Badge>
  );
}
