import type { Diagnosis, Finding } from './finding.ts';
import { judgeArrivals } from './judge-arrivals.ts';
import { judgeReach } from './judge-reach.ts';
import { judgeWires } from './judge-wires.ts';
import type { Readings, WireName, WireResult } from './readings.ts';

/** What the readings mean. Nothing but the readings counts, so that a table of them is its test. */
export function judge(readings: Readings): Diagnosis {
  const { reach, tls, hasToken } = readings;
  const certificate: Finding[] =
    tls?.fault === undefined
      ? []
      : [
          {
            fault: 'certificate',
            sentence: `The certificate, issued by ${tls.issuer}, is not trusted: ${tls.fault}. Browsers refuse it, too${hasToken ? ', and the token was not sent' : ''}.`,
            change:
              'Use a certificate for this name that an authority has signed. Where a company’s proxy reads TLS, name its authority by NODE_EXTRA_CA_CERTS.',
            see: 'docs/deployment.md#tls',
          },
        ];
  if (!reach.hub && reach.failure.by === 'network') {
    return { findings: [...certificate, judgeReach(reach.failure, readings)], notes: [] };
  }
  const arrived = judgeArrivals(readings);
  const isExplained = arrived.some(({ fault }) => fault === 'authorization-lost');
  const refused = reach.hub || isExplained ? [] : [judgeReach(reach.failure, readings)];
  return {
    findings: [...certificate, ...refused, ...arrived, ...judgeWires(readings)],
    notes: reach.hub ? notesOn(readings, reach.mayRead, reach.heartbeatMs) : [],
  };
}

/** The wire that the SDK would settle on: the best that is proved and lasts. */
export function bestWire({ wires }: Pick<Readings, 'wires'>): WireName | undefined {
  const proved = Object.entries(wires).filter(([, { state }]) => state === 'proved') as [
    WireName,
    WireResult,
  ][];
  const lasting = proved.find(([, result]) => result.state === 'proved' && result.held?.end !== 'cut');
  return (lasting ?? proved[0])?.[0];
}

/** For scripts: 0 all is well, 1 something is in the way, 2 nothing works. */
export function exitCodeOf(readings: Pick<Readings, 'wires'>, { findings }: Diagnosis): 0 | 1 | 2 {
  if (bestWire(readings) === undefined) return 2;
  return findings.length > 0 ? 1 : 0;
}

function notesOn(readings: Readings, mayRead: boolean, heartbeatMs: number): string[] {
  const { arrivals, channel, hasToken, holdMs, mayPublish, wires } = readings;
  const notes: string[] = [];
  const grant = `${hasToken ? 'The token' : 'A client without a token'} may not`;
  if (!mayRead)
    notes.push(
      `${grant} read ${channel}, so long polling and cached polls were not judged. Any token with the grant fanwire-doctor.* does.`,
    );
  if (mayPublish === false)
    notes.push(
      `${grant} publish to ${channel}, so no message was sent. Reading was judged by the hub’s answers and heartbeats.`,
    );
  if (holdMs <= heartbeatMs)
    notes.push(
      `Connections were held for ${holdMs / 1000} s, which is less than a heartbeat (${heartbeatMs / 1000} s): what cuts later was not seen. Hold them for 70 s to see it.`,
    );
  const first = arrivals?.first;
  if (first && 'failure' in first)
    notes.push(
      `What arrives of Host, Origin and Authorization was not judged: /connect/echo answers ${first.failure.detail}. An older hub does not have it.`,
    );
  const { webtransport } = wires;
  if (webtransport?.state === 'not tried' && webtransport.why !== 'the hub does not offer it')
    notes.push(`WebTransport was not tried: ${webtransport.why}.`);
  return notes;
}
