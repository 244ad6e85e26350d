import { BEHIND, type Finding, PROXY } from './finding.ts';
import type { Arrivals, Echo, Readings } from './readings.ts';

/** What the network has changed of requests. */
export function judgeArrivals(readings: Readings): Finding[] {
  const { arrivals, polls, upload } = readings;
  const echo = arrivals && 'echo' in arrivals.first ? arrivals.first.echo : undefined;
  return [
    ...(arrivals && echo ? judgeEcho(readings, arrivals, echo) : []),
    ...judgeCaching(arrivals, polls),
    ...judgeUpload(upload),
  ];
}

function judgeEcho({ url, hasToken, tls }: Readings, arrivals: Arrivals, echo: Echo): Finding[] {
  const findings: Finding[] = [];
  const asked = new URL(url);
  const isChanged = authority(echo.host, asked.protocol) !== asked.host;
  const ofPage = 'failure' in arrivals.ofPage ? arrivals.ofPage.failure : undefined;
  const pageIsRefused = ofPage?.by === 'hub' && ofPage.code === 'origin_not_allowed';
  if (isChanged && !(echo.forwarded.host !== undefined && !pageIsRefused)) {
    const consequence = pageIsRefused
      ? `Pages at ${asked.origin} are refused (origin_not_allowed).`
      : 'Pages are let in all the same, by `origins`.';
    findings.push({
      fault: 'host-changed',
      sentence: `A proxy changes Host: ${asked.host} was asked, and ${echo.host} arrives. ${consequence}`,
      change:
        'Have it pass Host on: in nginx proxy_set_header Host $http_host, in Apache ProxyPreserveHost On. Or name the page’s origin in `origins`.',
      see: BEHIND,
    });
  } else if (pageIsRefused) {
    findings.push({
      fault: 'origin-refused',
      sentence: `Pages at ${asked.origin} are refused by the hub (origin_not_allowed): ${ofPage.detail}.`,
      change:
        echo.tls === (asked.protocol === 'https:')
          ? 'Add the page’s origin to `origins`.'
          : 'A proxy ends TLS for the hub: set `trustProxy`, and have the proxy send X-Forwarded-Proto.',
      see: BEHIND,
    });
  }
  if (hasToken && tls?.fault === undefined && !echo.authorization) {
    findings.push({
      fault: 'authorization-lost',
      sentence:
        'A token was sent, and no header Authorization arrives: all that asks for a token over HTTP is refused.',
      change:
        'Have the proxy pass Authorization on: in nginx nothing may set it to "", and a proxy that asks for a password itself needs a rule for the hub’s paths.',
      see: PROXY,
    });
  }
  if (echo.httpVersion === '1.0') {
    findings.push({
      fault: 'http-1.0',
      sentence:
        'A proxy speaks HTTP/1.0 to the hub: WebSockets mostly fail by it, and each request takes a connection of its own.',
      change: 'In nginx: proxy_http_version 1.1, which is no default before 1.29.7.',
      see: PROXY,
    });
  }
  return findings;
}

/** Of a default port HTTP/1.1 may tell, or not. */
function authority(host: string, protocol: string): string {
  return URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : host;
}

function judgeCaching(arrivals: Arrivals | undefined, polls: Readings['polls']): Finding[] {
  const isSame =
    arrivals !== undefined &&
    'echo' in arrivals.first &&
    'echo' in arrivals.again &&
    arrivals.first.echo.time === arrivals.again.echo.time;
  const isOld = polls !== undefined && !polls.mayBeCached && (polls.stale === true || (polls.age ?? 0) > 0);
  if (!isSame && !isOld) return [];
  const seen = isSame
    ? 'Two requests got the same answer, though the hub forbids to keep it (no-store)'
    : polls?.stale
      ? 'A poll did not bring a message that had been published before it'
      : `A poll was answered by a cache, ${polls?.age} s old`;
  return [
    {
      fault: 'cached',
      sentence: `${seen}: a cache answers in the hub’s place. Clients see old messages, or none.`,
      change:
        'Have the cache heed Cache-Control, or leave out the hub’s paths: in nginx no proxy_ignore_headers and no proxy_cache there.',
      see: 'docs/deployment.md#behind-a-cache',
    },
  ];
}

function judgeUpload(upload: Readings['upload']): Finding[] {
  if (!upload?.refused || upload.refused.failure.by === 'hub') return [];
  const { bytes, failure } = upload.refused;
  return [
    {
      fault: 'body-limit',
      sentence: `A body of ${size(bytes)} is refused on the way (${failure.detail}), and one of ${size(upload.passedBytes)} passes: larger publishes are lost to their clients.`,
      change: 'Raise the proxy’s limit to the hub’s own, 8 MiB by default: in nginx client_max_body_size 8m.',
      see: PROXY,
    },
  ];
}

function size(bytes: number): string {
  return `${Math.floor(bytes / 1024)} KiB`;
}
