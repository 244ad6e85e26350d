import type { ComponentChildren } from 'preact';

export interface Order<By extends string = string> {
  readonly by: By;
  readonly descending: boolean;
}

export interface Column<Row, By extends string = string> {
  readonly title: string;
  /** What rows can be sorted by. A column without it can't be sorted. */
  readonly by?: By;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the right, and are sorted from the largest. */
  readonly numeric?: boolean;
}

interface TableProps<Row, By extends string> {
  /** Told to screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row, By>[];
  /** In order. */
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly classOf?: (row: Row) => string | undefined;
  /** Shown when there are no rows. */
  readonly empty: string;
  readonly order: Order<By>;
  readonly onOrder: (order: Order<By>) => void;
}

/** A table whose rows come in the order that was asked for by pressing a column's title. A second press reverses it. */
export function Table<Row, By extends string>(props: TableProps<Row, By>) {
  const { caption, columns, rows, keyOf, classOf, empty, order, onOrder } = props;
  return (
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, by, numeric = false }) => (
            <th
              key={title}
              scope="col"
              class={numeric ? 'numeric' : undefined}
              aria-sort={
                by !== undefined && order.by === by
                  ? order.descending
                    ? 'descending'
                    : 'ascending'
                  : undefined
              }
            >
              {by === undefined ? (
                <span class="unseen">{title}</span>
              ) : (
                <button
                  type="button"
                  onClick={() => onOrder({ by, descending: order.by === by ? !order.descending : numeric })}
                >
                  {title}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} class={classOf?.(row)}>
            {columns.map(({ title, cell, numeric }) => (
              <td key={title} class={numeric ? 'numeric' : undefined} data-title={title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
        {rows.length === 0 && (
          <tr class="empty">
            <td colSpan={columns.length}>{empty}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
