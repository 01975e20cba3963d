import { Button } from '@mantine/core';
import { useState } from 'react';
import classes from './figures.module.css';

/** Numbers at the head of a page, each with what it counts. */
export function Figures({ of }: { of: [label: string, value: string][] }) {
  return (
    <dl className={classes.figures}>
      {of.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Two panels beside each other where there is room. */
export function Beside({ left, right }: { left: React.ReactNode; right: React.ReactNode }) {
  return (
    <div className={classes.beside}>
      <div>{left}</div>
      <div>{right}</div>
    </div>
  );
}

/** A name in a row, on one line. */
export function Name({ children }: { children: React.ReactNode }) {
  return <span className={classes.name}>{children}</span>;
}

/** What stands where nothing of the tenant can be named. */
export function Stranger({ children }: { children: React.ReactNode }) {
  return <span className={classes.stranger}>{children}</span>;
}

/** Rows that are shown before somebody asks for all. */
const few = 10;

/** The first few of a ranking, all of them once asked for, and the button that asks. */
export function useFirst<T>(rows: T[]): { shown: T[]; more: React.ReactNode } {
  const [all, setAll] = useState(false);
  if (all || rows.length <= few) {
    return { shown: rows, more: null };
  }
  const more = (
    <Button variant="subtle" size="xs" m="xs" onClick={() => setAll(true)}>
      Show all {rows.length}
    </Button>
  );
  return { shown: rows.slice(0, few), more };
}
