/*
 * Plots as SVG, with nothing but what the table holds. Colours are variables that follow the reader's colour scheme: an
 * SVG that is shown as an image still answers `prefers-color-scheme`.
 */
import { formatted } from './text.mjs';

const WIDTH = 760;
const NAMES = 215;
const RIGHT = 90;
const ROW = 26;
/** What a figure in letters takes up. */
const FIGURE = 60;
const TOP = 42;
const STYLE = `
  :root { --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0; --ours: #0b6bcb; --peer: #8c959f; --floor: #c9d1d9; --back: #ffffff }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6edf3; --faint: #9198a1; --rule: #3d444d; --ours: #4aa3ff; --peer: #6e7681; --floor: #444c56; --back: #0d1117 }
  }
  svg { background: var(--back) }
  text { font: 13px system-ui, sans-serif; fill: var(--ink) }
  .title { font-weight: 600 } .axis { fill: var(--faint); font-size: 12px } .own { font-weight: 600 }
  .rule { stroke: var(--rule) } .target { stroke: var(--ink); stroke-dasharray: 3 3 }
  .ours { fill: var(--ours); stroke: var(--ours) } .peer { fill: var(--peer); stroke: var(--peer) } .floor { fill: var(--floor); stroke: var(--floor) }`;

/** @param targetOf gives for a row's name the most that its figure may be, if there is such a target */
export function plot(table, targetOf) {
  const { kind, axis } = table.plot;
  const marks = kind === 'bars' ? bars(table, targetOf) : spreads(table);
  const rows = marks.rows;
  const height = TOP + rows.length * ROW + 34;
  const label = `${table.title}: ${rows.map(({ row, text }) => `${row.name} ${text}`).join(', ')}`;
  const names = rows.map(({ row, shapes }, index) => {
    const y = TOP + index * ROW;
    const name = `<text x="${NAMES - 10}" y="${y + 17}" text-anchor="end"${row.ours ? ' class="own"' : ''}>${escaped(row.name)}</text>`;
    return name + shapes(y);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">`,
    `<style>${STYLE}\n</style>`,
    `<text x="10" y="20" class="title">${escaped(table.title)}</text>`,
    ...marks.scale(height - 26),
    ...names,
    `<text x="${NAMES}" y="${height - 8}" class="axis">${escaped(axis)}${marks.note}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function bars(table, targetOf) {
  const { key } = table.plot;
  const { decimals } = table.columns.find((column) => column.key === key);
  const shown = table.rows.filter(({ figures }) => figures[key] !== undefined);
  const targets = shown.map(({ name }) => targetOf(name, key)?.most);
  const most = Math.max(...shown.map(({ figures }) => figures[key]), ...targets.filter(Boolean)) || 1;
  const place = (figure) => NAMES + (figure / most) * (WIDTH - NAMES - RIGHT);
  const rows = shown.map((row, index) => {
    const figure = row.figures[key];
    const text = formatted(figure, decimals);
    const target = targets[index];
    const shapes = (y) =>
      `<rect x="${NAMES}" y="${y + 4}" width="${round(place(figure) - NAMES)}" height="${ROW - 9}" class="${classOf(row)}"/>` +
      (target ? `<path d="M${round(place(target))} ${y + 1}v${ROW - 3}" class="target"/>` : '') +
      `<text x="${round(beside(place(figure), target && place(target)) + 6)}" y="${y + 17}">${text}</text>`;
    return { row, text, shapes };
  });
  return { rows, scale: () => [], note: targets.some(Boolean) ? ' (dashed: the target)' : '' };
}

/** From the first figure of a row to its last on a logarithmic scale, a dot for each. */
function spreads(table) {
  const { keys } = table.plot;
  const shown = table.rows.filter(({ figures }) => keys.every((key) => figures[key] > 0));
  const all = shown.flatMap(({ figures }) => keys.map((key) => figures[key]));
  const [low, high] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const span = Math.max(1, high - low);
  const place = (figure) => round(NAMES + ((Math.log10(figure) - low) / span) * (WIDTH - NAMES - RIGHT));
  const rows = shown.map((row) => {
    const figures = keys.map((key) => row.figures[key]);
    const text = figures.map((figure) => formatted(figure, figure < 10 ? 1 : 0)).join(' – ');
    const shapes = (y) =>
      `<path d="M${place(figures[0])} ${y + 13}H${place(figures.at(-1))}" stroke-width="3" class="${classOf(row)}"/>` +
      figures
        .map((figure) => `<circle cx="${place(figure)}" cy="${y + 13}" r="5" class="${classOf(row)}"/>`)
        .join('');
    return { row, text, shapes };
  });
  const decades = Array.from({ length: span + 1 }, (_, index) => 10 ** (low + index));
  const scale = (bottom) =>
    decades.map(
      (decade) =>
        `<path d="M${place(decade)} ${TOP - 4}V${bottom}" class="rule"/>` +
        `<text x="${place(decade) + 4}" y="${TOP - 2}" class="axis">${decade} ms</text>`,
    );
  return { rows, scale, note: '' };
}

/** Where a figure may stand: behind its bar, or behind the line that it would cross. */
function beside(end, line = 0) {
  return line > end && line < end + FIGURE ? line : end;
}

function classOf({ ours, floor }) {
  if (ours) return 'ours';
  return floor ? 'floor' : 'peer';
}

const round = (figure) => Math.round(figure * 10) / 10;

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
