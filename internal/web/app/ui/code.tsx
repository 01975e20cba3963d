import classes from './code.module.css';
import { Copy } from './copy';

interface CodeBlockProps {
  label: string;
  /** What is copied, and shown unless there are children. */
  code: string;
  wrap?: boolean;
  /** Beside the copy button. */
  action?: React.ReactNode;
  /** What is shown instead: the code in colours, or with a secret left out. */
  children?: React.ReactNode;
}

/** Text for machines, to be read and copied. */
export function CodeBlock({ label, code, wrap, action, children }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <span>{label}</span>
        <span className={classes.actions}>
          {action}
          <Copy value={code} label={`Copy: ${label}`} />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
      <pre className={classes.code} data-wrap={wrap || undefined} tabIndex={0}>
        <code>{children ?? code}</code>
      </pre>
    </div>
  );
}
