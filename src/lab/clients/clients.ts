import type { Tls } from '../tls.ts';
import { hasWebTransport } from '../web-transport.ts';
import type { Technique } from './client.ts';
import { httpStreaming } from './http-streaming.ts';
import { longPolling } from './long-polling.ts';
import { polling } from './polling.ts';
import { sdk } from './sdk.ts';
import { sse } from './sse.ts';
import { websocket } from './websocket.ts';
import { webtransport } from './webtransport.ts';

/** The rows of the matrix. */
export const TECHNIQUES: readonly Technique[] = [
  polling,
  longPolling,
  sse,
  httpStreaming,
  websocket,
  webtransport,
  sdk,
];

/** There is no WebTransport without TLS. */
export function canBeOver(tls: Tls, name: string): boolean {
  return tls !== 'none' || name !== webtransport.name;
}

/** Those that this process can have: WebTransport is in an optional package. */
export function techniquesOver(tls: Tls): readonly Technique[] {
  const offered = TECHNIQUES.filter(({ name }) => canBeOver(tls, name));
  return hasWebTransport() ? offered : offered.filter((technique) => technique !== webtransport);
}
