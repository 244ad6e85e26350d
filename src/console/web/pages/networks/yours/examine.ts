import { failureOfAnswer } from '../../../../../doctor/ask.ts';
import { type Means, measure } from '../../../../../doctor/measure.ts';
import { echoed } from '../../../../../doctor/probes/arrivals.ts';
import { webTransport } from '../../../../../doctor/probes/webtransport.ts';
import type { Echoed, Readings } from '../../../../../doctor/readings.ts';
import { framesOf, newClient, type Target } from '../../../../../doctor/target.ts';
import { hubUrl } from '../../../shell/connection.ts';
import { readToken } from '../../../shell/operator-token.ts';
import { askerOf } from './ask.ts';
import { openWebSocket } from './websocket.ts';

/** As long as the SDK gives a wire to prove itself. */
const PATIENCE_MS = 5000;
/** Of six connections over HTTP/1.1 two streams, two parked requests and the page's own may be open. */
const AT_ONCE = 2;

/** What only a browser knows of its requests. */
export interface BrowserReading {
  /** The HTTP version up to the next hop, as a browser names it: `h2`, `http/1.1`. */
  readonly protocol: string | undefined;
  readonly agent: string;
}

export interface Examination {
  readonly readings: Readings;
  readonly browser: BrowserReading;
}

/** Measures from this page, for as long as connections are held and some seconds more. */
export async function examine(holdMs: number): Promise<Examination> {
  const url = hubUrl();
  const token = readToken();
  const given = { url, token, patienceMs: PATIENCE_MS };
  const target: Target = {
    ...given,
    channel: `fanwire-doctor.${newClient()}`,
    holdMs,
    atOnce: AT_ONCE,
    ask: askerOf(given),
  };
  const readings = await measure(target, MEANS, { hasToken: token !== undefined });
  const agent = navigator.userAgent;
  return { readings, browser: { protocol: protocolOf(`${url}/connect/echo`), agent } };
}

const MEANS: Means = {
  openWebSocket,
  webTransport: (target, offer) =>
    webTransport(target, offer, globalThis.WebTransport, 'the hub offers it; this browser does not have it'),
  asPage,
};

/** A browser sends `Origin` along with a POST, to the hub of its own page, too. */
async function asPage(target: Target): Promise<Echoed> {
  const echo = await echoed(target);
  const answer = await target
    .ask('/connect', { method: 'POST', headers: { accept: 'application/json' }, body: framesOf([]) })
    .catch(() => undefined);
  if (answer?.status !== 403) {
    answer?.leave();
    return 'echo' in echo ? { echo: { ...echo.echo, origin: location.origin } } : echo;
  }
  const failure = await failureOfAnswer(answer, target.patienceMs);
  return failure.by === 'hub' && failure.code === 'origin_not_allowed' ? { failure } : echo;
}

function protocolOf(url: string): string | undefined {
  const entry = performance.getEntriesByName(url).at(-1) as PerformanceResourceTiming | undefined;
  return entry?.nextHopProtocol || undefined;
}
