import { failureIn } from '../../doctor/ask.ts';
import { measure } from '../../doctor/measure.ts';
import { echoed } from '../../doctor/probes/arrivals.ts';
import type { Readings, TlsReading } from '../../doctor/readings.ts';
import type { Target } from '../../doctor/target.ts';
import { extendedConnect } from './probes/http2.ts';
import { tlsOf } from './probes/tls.ts';
import { openWebSocket } from './probes/websocket.ts';
import { webTransportByPackage } from './probes/webtransport.ts';
import { askerOf } from './request.ts';

/** Measures from this program. Takes as long as connections are held, and some seconds more. */
export async function examine(given: Omit<Target, 'ask' | 'atOnce'>): Promise<Readings> {
  const { url, channel, holdMs } = given;
  const hasToken = given.token !== undefined;
  let tls: TlsReading | undefined;
  try {
    if (url.startsWith('https:')) tls = await tlsOf(new URL(url), given.patienceMs);
  } catch (error) {
    const reach = { hub: false, failure: failureIn(error), afterMs: 0 } as const;
    return { url, channel, holdMs, hasToken, wires: {}, reach };
  }
  const trusted = tls?.fault === undefined;
  const asker = { ...given, token: trusted ? given.token : undefined };
  const target: Target = { ...asker, atOnce: Number.POSITIVE_INFINITY, ask: askerOf({ ...asker, trusted }) };
  const means = {
    openWebSocket: (target: Target) => openWebSocket(target, trusted),
    webTransport: webTransportByPackage,
    ...(tls?.alpn === 'h2' && { overHttp2: (target: Target) => extendedConnect(target, trusted) }),
    asPage: (target: Target) => echoed(target, { origin: new URL(target.url).origin }),
  };
  return measure(target, means, { tls, hasToken });
}
