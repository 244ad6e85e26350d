// Tables as text: in the terminal, and in Markdown.
import { targetOf } from '../targets.mjs';

export function printTable(measure, table) {
  console.log(`\n${table.title}`);
  const lines = [
    ['', ...table.columns.map(({ title }) => title)],
    ...table.rows.map((row) => cells(measure, table, row)),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    const [name, ...figures] = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log([name, ...figures].join('  '));
  }
}

export function markdownTable(measure, table) {
  const heads = table.columns.map(({ title }) => title);
  return [
    `| ${['', ...heads].join(' | ')} |`.replace('|  |', '| |'),
    `|---|${heads.map(() => '--:').join('|')}|`,
    ...table.rows.map((row) => {
      const [name, ...rest] = cells(measure, table, row);
      return `| ${[row.ours ? `**${name}**` : name, ...rest].join(' | ')} |`;
    }),
  ].join('\n');
}

/** Name and figures of a row; a figure that has a target says so. */
function cells(measure, table, row) {
  const figures = table.columns.map(({ key, decimals }) => {
    const figure = row.figures[key];
    if (figure === undefined) return '–';
    const target = targetOf(measure, table.id, row.name, key);
    const shown = Number(figure.toFixed(decimals));
    return `${formatted(shown, decimals)}${target ? ` ${verdict(shown, target)}` : ''}`;
  });
  return [row.name, ...figures];
}

/** What is reached is judged by the figure as it is shown. */
export function verdict(figure, { most }) {
  return figure <= most ? `(≤ ${most} ✓)` : `(> ${most} ✗)`;
}

export function formatted(figure, decimals) {
  return figure.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
