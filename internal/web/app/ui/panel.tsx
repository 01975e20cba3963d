import { Text, Title } from '@mantine/core';
import classes from './panel.module.css';

export interface PanelProps {
  title?: React.ReactNode;
  description?: React.ReactNode;
  /** Buttons beside the title. */
  action?: React.ReactNode;
  danger?: boolean;
  /** Of the heading. Default 2; 3 in a SectionGroup. */
  order?: 2 | 3;
  /** Tables go to the panel's edge. */
  flush?: boolean;
  children?: React.ReactNode;
}

/** A titled part of a page: words on the left, fields on the right; one below the other where it is narrow. */
export function Section({ title, description, children, danger, order = 2 }: PanelProps) {
  return (
    <section className={classes.section} data-danger={danger || undefined}>
      <div>
        <Title order={order}>{title}</Title>
        {description && (
          <Text size="sm" c="dimmed" mt={4} component="div">
            {description}
          </Text>
        )}
      </div>
      <div className={classes.fields}>{children}</div>
    </section>
  );
}

/** Sections of one kind under a heading. */
export function SectionGroup({ title, description, children }: Pick<PanelProps, 'title' | 'description' | 'children'>) {
  return (
    <div className={classes.group}>
      <Title order={2}>{title}</Title>
      {description && (
        <Text size="sm" c="dimmed" mt={4}>
          {description}
        </Text>
      )}
      <div>{children}</div>
    </div>
  );
}

/** A framed part of a page. */
export function Panel({ title, description, action, flush, children }: PanelProps) {
  return (
    <section className={classes.panel}>
      {(title || action) && (
        <header className={classes.head}>
          <div>
            <Title order={2}>{title}</Title>
            {description && (
              <Text size="sm" c="dimmed" component="div">
                {description}
              </Text>
            )}
          </div>
          {action && <div className={classes.action}>{action}</div>}
        </header>
      )}
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  );
}

/** One destructive act in a danger zone. */
export function DangerRow({ title, children, action }: { title: string; children: React.ReactNode; action: React.ReactNode }) {
  return (
    <div className={classes.danger}>
      <div>
        <Text fw={550}>{title}</Text>
        <Text size="sm" c="dimmed">
          {children}
        </Text>
      </div>
      {action}
    </div>
  );
}
