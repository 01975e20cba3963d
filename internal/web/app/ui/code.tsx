import classes from './code.module.css';
import { Copy } from './copy';

/** Text for machines, to be read and copied. */
export function CodeBlock({ label, code, wrap }: { label: string; code: string; wrap?: boolean }) {
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <span>{label}</span>
        <Copy value={code} label={`Copy: ${label}`} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard */}
      <pre className={classes.code} data-wrap={wrap || undefined} tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
