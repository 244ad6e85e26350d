import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Column<Row> {
  readonly title: string;
  /** The value to sort rows by. A column without it can't be sorted. */
  readonly by?: (row: Row) => string | number;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the right, and are sorted from the largest. */
  readonly numeric?: boolean;
}

interface TableProps<Row> {
  /** Told to screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly classOf?: (row: Row) => string | undefined;
  /** Shown when there are no rows. */
  readonly empty: string;
}

interface Order {
  readonly title: string;
  readonly direction: 'ascending' | 'descending';
}

/** A table that keeps the order of its rows until a column's title is pressed. A second press reverses the order. */
export function Table<Row>({ caption, columns, rows, keyOf, classOf, empty }: TableProps<Row>) {
  const [order, setOrder] = useState<Order>();
  const sorted = order ? rows.toSorted(comparison(columns, order)) : rows;
  const press = (column: Column<Row>) => {
    const first = column.numeric ? 'descending' : 'ascending';
    const other = column.numeric ? 'ascending' : 'descending';
    const again = order?.title === column.title && order.direction === first;
    setOrder({ title: column.title, direction: again ? other : first });
  };
  return (
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.title}
              class={column.numeric ? 'numeric' : undefined}
              aria-sort={order?.title === column.title ? order.direction : undefined}
            >
              {column.by ? (
                <button type="button" onClick={() => press(column)}>
                  {column.title}
                </button>
              ) : (
                <span class="unseen">{column.title}</span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
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

function comparison<Row>(columns: readonly Column<Row>[], { title, direction }: Order) {
  const by = columns.find((column) => column.title === title)!.by!;
  const sign = direction === 'ascending' ? 1 : -1;
  return (a: Row, b: Row) => {
    const [one, other] = [by(a), by(b)];
    if (typeof one === 'string') return sign * one.localeCompare(String(other), 'en', { numeric: true });
    return sign * (one - Number(other));
  };
}
