import { SDK } from './clients/sdk.ts';
import { atPace, LIFE, type Pace } from './pace.ts';
import { type Cell, transportOf } from './readings.ts';

export type Verdict = 'agreed' | 'not agreed' | 'not tried';

/** What the field says of a technique in a network, beside what was read. */
export interface Judged {
  readonly claim: string;
  readonly verdict: Verdict;
}

interface Claim {
  readonly claim: string;
  /** Whether the reading is as the claim has it. Left out where this network is not made for it. */
  readonly agrees?: (cell: Cell, pace: Pace) => boolean;
}

/** What a person takes for at once, in milliseconds. */
const INSTANT_MS = 100;

const isInstant = ({ works, medianMs = Number.POSITIVE_INFINITY }: Cell) =>
  works === 'yes' && medianMs <= INSTANT_MS;
const works = (cell: Cell) => cell.works === 'yes';
const fails = (cell: Cell) => cell.works === 'no';

const WORKS: Claim = { claim: 'works', agrees: works };
const INSTANT: Claim = { claim: 'near-instant', agrees: isInstant };
const FALLS_BACK: Claim = {
  claim: 'falls back, and the application does not change',
  agrees: (cell) => works(cell) && transportOf(cell) !== 'websocket',
};

/** By network, then by technique. */
export const CLAIMS: Readonly<Record<string, Readonly<Record<string, Claim>>>> = {
  direct: {
    polling: {
      claim: 'late by up to the interval N, by N/2 on average',
      agrees({ medianMs = 0, worstMs = 0 }, pace) {
        const interval = atPace(LIFE.poll, pace);
        return Math.abs(medianMs - interval / 2) <= interval / 4 && worstMs <= interval + INSTANT_MS;
      },
    },
    'long-polling': INSTANT,
    sse: INSTANT,
    websocket: INSTANT,
  },
  'buffering-proxy': {
    polling: WORKS,
    'long-polling': { claim: 'works, may time out', agrees: works },
    sse: { claim: 'may buffer or break', agrees: fails },
  },
  'no-upgrade': {
    polling: WORKS,
    'long-polling': { claim: 'works, may time out', agrees: works },
    websocket: { claim: 'may block the upgrade', agrees: fails },
    [SDK]: FALLS_BACK,
  },
  'mobile-carrier': {
    polling: WORKS,
    'long-polling': { claim: 'works, may time out', agrees: (cell) => works(cell) && cell.forgotten },
    sse: { claim: 'may buffer' },
    websocket: { claim: 'usually works', agrees: works },
    [SDK]: {
      claim: 'a heartbeat each 15 to 30 s keeps it',
      agrees: (cell) => works(cell) && !cell.forgotten,
    },
  },
  'network-change': {
    'long-polling': { claim: 'is dropped', agrees: ({ said }) => said.length > 0 },
    sse: {
      claim: 'reconnects by itself, with Last-Event-ID',
      agrees: (cell) => works(cell) && cell.sentLastEventId,
    },
    websocket: { claim: 'is not recovered by itself', agrees: ({ upgrades }) => upgrades > 1 },
    [SDK]: {
      claim: 'is dropped, and reconnects',
      agrees: (cell) => works(cell) && cell.said.some((text) => / cut /.test(text)),
    },
  },
  cache: {
    polling: { claim: 'works, cacheable', agrees: (cell) => works(cell) && cell.fromCache > 0 },
    'long-polling': {
      claim: 'works, not cacheable',
      agrees: (cell) => works(cell) && cell.fromCache === 0,
    },
    sse: { claim: 'may buffer', agrees: fails },
    websocket: { claim: 'needs support', agrees: fails },
    [SDK]: FALLS_BACK,
  },
  'load-balancer': {
    polling: WORKS,
    'long-polling': WORKS,
    sse: { claim: 'needs configuration', agrees: fails },
    websocket: { claim: 'needs sticky sessions', agrees: fails },
  },
};

export function judged(network: string, cell: Cell, pace: Pace): Judged | undefined {
  const found = CLAIMS[network]?.[cell.technique];
  if (!found) return undefined;
  const { claim, agrees } = found;
  if (!agrees) return { claim, verdict: 'not tried' };
  return { claim, verdict: agrees(cell, pace) ? 'agreed' : 'not agreed' };
}
