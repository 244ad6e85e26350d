import type { Diagnosis } from './finding.ts';
import { bestWire } from './judge.ts';
import type { Held, Readings } from './readings.ts';

/** What it comes to, in a sentence. */
export function verdictOf(readings: Readings, { findings }: Diagnosis): string {
  const best = bestWire(readings);
  if (!best) return 'Nothing works.';
  const well = findings.length === 0 ? 'All is well' : 'It works, and something is in the way';
  return `${well}: fanwire would use ${best}.`;
}

/** How long a wire stayed open. */
export function heldText(held: Held | undefined): string {
  if (!held) return '-';
  const time = `${(held.ms / 1000).toFixed(1)} s`;
  return held.end === 'kept' ? time : `${held.end} after ${time}`;
}

/** What of requests has arrived, in one line each. */
export function arrivedLines({ arrivals, tls, upload, polls }: Readings): string[] {
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
