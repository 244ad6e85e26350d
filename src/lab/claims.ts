import { type ClaimName, sayingOf } from '../field/claims.ts';
import { SDK } from './clients/sdk.ts';
import { atPace, LIFE, type Pace } from './pace.ts';
import { type Cell, transportOf } from './readings.ts';
import type { Tls } from './tls.ts';

export type Verdict = 'agreed' | 'not agreed' | 'not tried';

/** What the field says of a technique in a network, beside what was read. */
export interface Judged {
  readonly claim: string;
  readonly verdict: Verdict;
  /** Of one that is not agreed: why it may be so here and true elsewhere. */
  readonly because?: string | undefined;
}

interface Claim {
  readonly of: ClaimName;
  /** Whether the reading is as the claim has it. Left out where this network is not made for it. */
  readonly agrees?: (cell: Cell, pace: Pace) => boolean;
  readonly because?: string;
}

/** What a person takes for at once, in milliseconds. */
const INSTANT_MS = 100;

/** After a silence: a reconnection takes longer, and no message is published sooner. */
const AT_ONCE_MS = 500;

const isInstant = ({ works, medianMs = Number.POSITIVE_INFINITY }: Cell) =>
  works === 'yes' && medianMs <= INSTANT_MS;
const works = (cell: Cell) => cell.works === 'yes';
const fails = (cell: Cell) => cell.works === 'no';

const ANY_NODE =
  'a client brings its position, and any node goes on from there: the servers hold nothing that it would have to come back to';

const UNCHANGED: Claim = {
  of: 'unchanged',
  agrees: (cell) => works(cell) && transportOf(cell) !== 'websocket',
};

/** By network, then by technique. */
const CLAIMS: Readonly<Record<string, Readonly<Record<string, Claim>>>> = {
  direct: {
    polling: {
      of: 'poll-late',
      agrees({ medianMs = 0, worstMs = 0 }, pace) {
        const interval = atPace(LIFE.poll, pace);
        return Math.abs(medianMs - interval / 2) <= interval / 4 && worstMs <= interval + INSTANT_MS;
      },
    },
    'long-polling': { of: 'long-polling/Delay', agrees: isInstant },
    sse: { of: 'sse/Delay', agrees: isInstant },
    websocket: { of: 'websocket/Delay', agrees: isInstant },
  },
  'buffering-proxy': {
    polling: { of: 'polling/Corporate proxy', agrees: works },
    'long-polling': { of: 'long-polling/Corporate proxy', agrees: works },
    sse: { of: 'sse/Corporate proxy', agrees: fails },
  },
  'no-upgrade': {
    polling: { of: 'polling/Corporate proxy', agrees: works },
    'long-polling': { of: 'long-polling/Corporate proxy', agrees: works },
    websocket: { of: 'websocket/Corporate proxy', agrees: fails },
    [SDK]: UNCHANGED,
  },
  'mobile-carrier': {
    polling: { of: 'polling/Mobile carrier', agrees: works },
    'long-polling': {
      of: 'long-polling/Mobile carrier',
      agrees: (cell) => works(cell) && cell.forgotten,
    },
    sse: { of: 'sse/Mobile carrier' },
    websocket: { of: 'websocket/Mobile carrier', agrees: works },
    // A connection that it does not use any more may be forgotten.
    [SDK]: { of: 'heartbeat', agrees: (cell) => works(cell) && cell.backMs! < AT_ONCE_MS },
  },
  'network-change': {
    'long-polling': { of: 'network-change', agrees: ({ said }) => said.length > 0 },
    sse: { of: 'sse-returns', agrees: (cell) => works(cell) && cell.sentLastEventId },
    websocket: { of: 'ws-drops', agrees: ({ upgrades }) => upgrades > 1 },
    [SDK]: {
      of: 'network-change',
      agrees: (cell) => works(cell) && cell.said.some((text) => / cut /.test(text)),
    },
  },
  cache: {
    polling: { of: 'polling/CDN', agrees: (cell) => works(cell) && cell.fromCache > 0 },
    'long-polling': { of: 'long-polling/CDN', agrees: (cell) => works(cell) && cell.fromCache === 0 },
    sse: { of: 'sse/CDN', agrees: fails },
    websocket: { of: 'websocket/CDN', agrees: fails },
    [SDK]: UNCHANGED,
  },
  'load-balancer': {
    polling: { of: 'polling/Load balancer', agrees: works },
    'long-polling': { of: 'long-polling/Load balancer', agrees: works },
    sse: { of: 'sse/Load balancer', agrees: fails, because: ANY_NODE },
    websocket: { of: 'websocket/Load balancer', agrees: fails, because: ANY_NODE },
  },
};

const AVOIDED: Claim = { of: 'https-avoids', agrees: isInstant };

/** Where a network sees bytes alone: what it does to requests and answers, it can't do; what it does to connections stays. */
const CLAIMS_OF_BYTES: typeof CLAIMS = {
  direct: CLAIMS.direct!,
  'buffering-proxy': { sse: AVOIDED, 'http-streaming': AVOIDED },
  'no-upgrade': { websocket: AVOIDED },
  'udp-blocked': {
    [SDK]: {
      of: 'unchanged',
      agrees: (cell) => works(cell) && transportOf(cell) !== 'webtransport',
    },
  },
  'mobile-carrier': CLAIMS['mobile-carrier']!,
  'network-change': {
    'long-polling': CLAIMS['network-change']!['long-polling']!,
    [SDK]: CLAIMS['network-change']![SDK]!,
  },
  cache: {},
  'load-balancer': CLAIMS['load-balancer']!,
};

/** By technique. */
export function claimsOf(network: string, tls: Tls): Readonly<Record<string, Claim>> {
  return (tls === 'end-to-end' ? CLAIMS_OF_BYTES : CLAIMS)[network] ?? {};
}

export function judged(
  { network, tls }: { readonly network: string; readonly tls: Tls },
  cell: Cell,
  pace: Pace,
): Judged | undefined {
  const found = claimsOf(network, tls)[cell.technique];
  if (!found) return undefined;
  const { of, agrees, because } = found;
  const claim = sayingOf(of);
  if (!agrees) return { claim, verdict: 'not tried' };
  return agrees(cell, pace) ? { claim, verdict: 'agreed' } : { claim, verdict: 'not agreed', because };
}
