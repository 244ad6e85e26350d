import { BACKOFF } from '../../../../../client/connection/backoff.ts';
import type { Status, TransportName } from '../../../../../client/index.ts';
import { DEFAULTS } from '../../../../../client/options.ts';

/** Kept of each kind: the oldest give way. */
const KEPT = 60;

/** A transport is tried, or carries everything, for a while. Times are Unix milliseconds. */
export interface Span {
  readonly transport: TransportName;
  readonly kind: 'trying' | 'carrying';
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
}

/** A pause before everything is tried anew. */
export interface Wait {
  readonly from: number;
  readonly until: number;
  /** The longest that could have been drawn. */
  readonly ceilingMs: number;
}

export interface Entry {
  readonly key: string;
  readonly at: number;
  readonly transport: TransportName | undefined;
  readonly text: string;
}

/** What a client did, from what it told of itself. A journal never changes. */
export interface Journal {
  readonly spans: readonly Span[];
  readonly waits: readonly Wait[];
  readonly entries: readonly Entry[];
  /** Waits since the last stable link. */
  readonly attempt: number;
  /** Since when a transport carries everything. */
  readonly carriedSince: number | undefined;
}

export const EMPTY: Journal = { spans: [], waits: [], entries: [], attempt: 0, carriedSince: undefined };

/** The journal with what a status tells that was not known. */
export function noted(before: Journal, status: Status, now: number): Journal {
  const spans = spansWith(before.spans, status, now);
  const started = spans.filter((span) => !before.spans.includes(span) && span.to === undefined);
  // A link that was stable begins the backoff anew.
  const lost = before.carriedSince !== undefined && status.state !== 'connected';
  const stable = lost && now - before.carriedSince >= DEFAULTS.stableAfterMs;
  let attempt = stable ? 0 : before.attempt;
  let { waits } = before;
  const fresh: Entry[] = [
    ...failuresSince(before, status),
    ...started.map(({ transport, kind }) =>
      entry(now, transport, kind === 'trying' ? 'is tried' : 'carries everything from now on'),
    ),
  ];
  if (status.state === 'waiting') {
    const last = waits.at(-1);
    // A wake-up shortens a wait under way.
    if (last && last.until > now) waits = waits.with(-1, { ...last, until: status.waitingUntil });
    else {
      const ceilingMs = Math.min(BACKOFF.most, BACKOFF.first * 2 ** attempt);
      attempt += 1;
      waits = [...waits, { from: now, until: status.waitingUntil, ceilingMs }].slice(-KEPT);
      const drawn = secondsOf(status.waitingUntil - now);
      fresh.push(entry(now, undefined, `Waits ${drawn}, drawn from 0 to ${secondsOf(ceilingMs)}`));
    }
  }
  return {
    spans: spans.slice(-KEPT),
    waits,
    entries: [...before.entries, ...fresh].slice(-KEPT),
    attempt,
    carriedSince: status.state === 'connected' ? status.since : undefined,
  };
}

function spansWith(spans: readonly Span[], status: Status, now: number): readonly Span[] {
  const carrying = status.state === 'connected' ? [status.transport] : [];
  const trying = 'trying' in status ? status.trying.filter((name) => !carrying.includes(name)) : [];
  const lasts = ({ kind, transport }: Span) => (kind === 'trying' ? trying : carrying).includes(transport);
  const kept = spans.map((span) => (span.to === undefined && !lasts(span) ? { ...span, to: now } : span));
  const known = (kind: Span['kind'], name: TransportName) =>
    kept.some((span) => span.to === undefined && span.kind === kind && span.transport === name);
  const begun = (kind: Span['kind'], names: readonly TransportName[]) =>
    names
      .filter((name) => !known(kind, name))
      .map((transport): Span => ({ transport, kind, from: now, to: undefined }));
  return [...kept, ...begun('trying', trying), ...begun('carrying', carrying)];
}

/** A status has the newest failure of each transport. */
function failuresSince({ entries }: Journal, { failures }: Status): Entry[] {
  return failures
    .map(({ transport, at, cause, detail }) => ({
      ...entry(at, transport, `is left: ${cause} (${detail})`),
      key: `${transport} failed ${at}`,
    }))
    .filter(({ key }) => !entries.some((known) => known.key === key));
}

function entry(at: number, transport: TransportName | undefined, text: string): Entry {
  return { key: `${transport} ${text} ${at}`, at, transport, text };
}

export function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(ms % 1000 ? 2 : 0)} s`;
}
