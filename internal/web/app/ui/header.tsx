import { Group, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from '../router';
import { useSession } from '../shell/session';
import classes from './header.module.css';
import { IconArrowLeft, IconHelp } from './icons';

interface PageHeaderProps {
  title: string;
  /** Beside the title: a badge. */
  mark?: React.ReactNode;
  children?: React.ReactNode;
  /** The list that the object is of. */
  back?: { href: string; label: string };
  /** The page of the documentation, below docs/: `designing-apis.md`. */
  help?: string;
  action?: React.ReactNode;
}

/** The head of every page; it names the window too. */
export function PageHeader({ title, mark, children, back, help, action }: PageHeaderProps) {
  const { session } = useSession();
  useEffect(() => {
    document.title = `${title} · writ`;
  }, [title]);
  return (
    <header className={classes.header}>
      {back && (
        <Link href={back.href} className={classes.back}>
          <IconArrowLeft size={14} />
          {back.label}
        </Link>
      )}
      <div className={classes.line}>
        <Group gap="sm" miw={0}>
          <Title order={1} className={classes.title} lineClamp={4} title={title.length > 200 ? title : undefined}>
            {title}
          </Title>
          <Group gap="sm" wrap="nowrap">
            {mark}
            {help && (
              <a
                className={classes.help}
                href={`${session.docs_url}/${help}`}
                target="_blank"
                rel="noreferrer"
                aria-label={`Help: ${title}`}
                title="Documentation"
              >
                <IconHelp size={17} />
              </a>
            )}
          </Group>
        </Group>
        {action && <div className={classes.action}>{action}</div>}
        {children && (
          <Text c="dimmed" component="div" className={classes.text}>
            {children}
          </Text>
        )}
      </div>
    </header>
  );
}
