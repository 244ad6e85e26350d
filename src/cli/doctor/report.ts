import type { Diagnosis } from '../../doctor/finding.ts';
import { bestWire } from '../../doctor/judge.ts';
import type { Readings, WireResult } from '../../doctor/readings.ts';

const HEAD = ['wire', 'works', 'first byte', 'round trip', 'message', 'held'];

/** The table, then what it means. */
export function report(readings: Readings, diagnosis: Diagnosis): string {
  const rows = Object.entries(readings.wires).map(([name, result]) => [name, ...cellsOf(result)]);
  const table = rows.length > 0 ? [...tableOf([HEAD, ...rows]), '', ...arrivedLines(readings), ''] : [];
  const { findings, notes } = diagnosis;
  const sentences = findings.flatMap(({ fault, sentence, change, see }) => [
    `${fault}: ${sentence}`,
    `  ${change}`,
    `  See ${see}`,
    '',
  ]);
  return [
    `fanwire doctor: ${readings.url}`,
    '',
    ...table,
    ...sentences,
    ...notes.flatMap((note) => [`Note: ${note}`, '']),
    verdict(readings, diagnosis),
  ].join('\n');
}

function verdict(readings: Readings, { findings }: Diagnosis): string {
  const best = bestWire(readings);
  if (!best) return 'Nothing works.';
  const well = findings.length === 0 ? 'All is well' : 'It works, and something is in the way';
  return `${well}: fanwire would use ${best}.`;
}

function cellsOf(result: WireResult): string[] {
  if (result.state === 'not tried') return ['-', '-', '-', '-', result.why];
  if (result.state === 'failed') return ['no', '-', '-', '-', result.failure.detail];
  const { firstByteMs, provedMs, messageMs, held } = result;
  return [
    'yes',
    ms(firstByteMs),
    ms(provedMs),
    messageMs === undefined ? '-' : ms(messageMs),
    heldCell(held),
  ];
}

function heldCell(held: Extract<WireResult, { state: 'proved' }>['held']): string {
  if (!held) return '-';
  const time = `${(held.ms / 1000).toFixed(1)} s`;
  return held.end === 'kept' ? time : `${held.end} after ${time}`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** What of requests has arrived, in one line each. */
function arrivedLines({ arrivals, tls, upload, polls }: Readings): string[] {
  const lines: string[] = [];
  if (tls)
    lines.push(`TLS: certificate by ${tls.issuer}; ${tls.alpn === 'h2' ? 'HTTP/2' : 'HTTP/1.1'} is spoken`);
  if (arrivals && 'echo' in arrivals.first) {
    const { host, httpVersion, via, forwarded } = arrivals.first.echo;
    const proxies = forwarded.for > 0 ? `, X-Forwarded-For of ${forwarded.for}` : '';
    lines.push(
      `Arrives at the hub: Host ${host}, HTTP/${httpVersion ?? '?'}${via === undefined ? '' : `, Via ${via}`}${proxies}`,
    );
    const { ofPage } = arrivals;
    lines.push(
      `Origin of a page here: ${'echo' in ofPage ? (ofPage.echo.origin === undefined ? 'does not arrive' : 'arrives, and is let in') : `refused, ${ofPage.failure.detail}`}`,
    );
  }
  if (polls)
    lines.push(
      `Polls: ${polls.stale ? 'old' : 'fresh'}${polls.age === undefined ? '' : `, Age ${polls.age} s`}`,
    );
  if (upload) {
    const { passedBytes, refused } = upload;
    const end = refused ? `, ${refused.bytes} refused by the ${refused.failure.by}` : '';
    lines.push(`Bodies: ${passedBytes} bytes pass${end}`);
  }
  return lines;
}
