import { Link } from '../router';
import classes from './table.module.css';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => React.ReactNode;
  /** Stands beneath the cell on narrow screens, for the columns that are left out there. */
  below?: (row: T) => React.ReactNode;
  /** CSS width; columns without share what is left. */
  width?: string;
  align?: 'right';
  /** Left out on narrow screens. */
  wide?: boolean;
}

export interface DataTableProps<T> {
  /** What the rows are, for people who do not see the table. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** Where a row leads; the first column's content becomes the link, and the whole row can be clicked. */
  href?: (row: T) => string;
  /** The rows are being read again. */
  busy?: boolean;
  /** For many rows of one line each. */
  dense?: boolean;
}

export function DataTable<T>({ label, columns, rows, rowKey, href, busy, dense }: DataTableProps<T>) {
  return (
    <table className={classes.table} aria-label={label} aria-busy={busy || undefined} data-dense={dense || undefined}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={{ width: column.width }} className={column.wide ? classes.wide : undefined} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" data-align={column.align} className={column.wide ? classes.wide : undefined}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-link={href ? true : undefined}>
            {columns.map((column, i) => (
              <td key={column.id} data-align={column.align} className={column.wide ? classes.wide : undefined}>
                {i === 0 && href ? (
                  <Link href={href(row)} className={classes.link}>
                    {column.cell(row)}
                  </Link>
                ) : (
                  column.cell(row)
                )}
                {column.below && <div className={classes.below}>{column.below(row)}</div>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
