// The tables of docs/claims.md.
import { SUBJECTS, sentenceOf } from '../../dist/field/claims.js';
import { ASPECTS, COMPARED, COMPARISON } from '../../dist/field/comparison.js';
import { placesOf } from './places.mjs';

const HEAD = ['claim', 'where to see it', 'read here'];

/**
 * @param benchmarks the text of docs/benchmarks.md, to which places lead
 * @throws Error for a claim that nothing shows
 */
export function documentOf({ date, machine, readings }, benchmarks) {
  const sections = sectionsOf(benchmarks);
  const rowsOf = (name, claim) => {
    const places = placesOf(name, readings, sections);
    if (places.length === 0) throw new Error(`no page, measure or lab shows ${name}: ${sentenceOf(name)}`);
    // The sentence once, and a row for each place.
    return places.map(({ where, reading }, nth) => [nth === 0 ? claim : '', where, reading]);
  };
  return [
    ...Object.entries(SUBJECTS).flatMap(([subject, claims]) => [
      `## ${subject}`,
      markdown([HEAD, ...Object.entries(claims).flatMap(([name, says]) => rowsOf(name, says))]),
    ]),
    '## The comparison',
    'The console shows it as one table on [/choose](http://127.0.0.1:8080/choose).',
    ...ASPECTS.flatMap((aspect) => [
      `### ${aspect}`,
      markdown([
        HEAD,
        ...COMPARED.flatMap((name) => rowsOf(`${name}/${aspect}`, `${name}: ${COMPARISON[name][aspect]}`)),
      ]),
    ]),
    `*${date}; ${machine}. What lab and benchmarks have read has its own date and machine, in their documents.*`,
  ].join('\n\n');
}

/** The headings of the benchmarks' document, by the measure below each. */
function sectionsOf(benchmarks) {
  const sections = new Map();
  let heading = '';
  for (const line of benchmarks.split('\n')) {
    heading = /^## (.*)/.exec(line)?.[1] ?? heading;
    const [, measure] = /^<!-- bench: (\S+) -->/.exec(line) ?? [];
    if (measure) sections.set(measure, heading);
  }
  return sections;
}

function markdown([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
