import type { ErrorCode } from '../../protocol/errors.ts';
import type { TransportName } from '../../protocol/transport-name.ts';
import type { PastFailure, State } from './state.ts';

/** The state of the connection. `why` is a sentence for people; `failures` has the newest failure of each transport. */
export type Status = StatusKind & {
  readonly why: string;
  readonly failures: readonly PastFailure[];
  /** What others know this client by: `from` of its messages, `client` of its member in presence. Undefined before the first connection. */
  readonly from?: string | undefined;
};

type StatusKind =
  | { readonly state: 'connecting'; readonly trying: readonly TransportName[] }
  | {
      readonly state: 'connected';
      readonly transport: TransportName;
      /** Unix milliseconds, as all times here. */
      readonly since: number;
      readonly trying: readonly TransportName[];
      /** When a better transport is tried. */
      readonly upgradeAt: number | undefined;
    }
  | { readonly state: 'waiting'; readonly waitingUntil: number }
  | { readonly state: 'closed'; readonly code: ErrorCode };

/** Failures within this time are taken to have one reason. */
const ROUND_MS = 10_000;

export function tell({ transport, cause, detail }: PastFailure): string {
  return `${transport} ${cause} (${detail})`;
}

/** @param plain the transport that is a plain request: where it fails too, the server is dead and no transport is blocked */
export function statusOf(state: State, plain: TransportName | undefined): Status {
  const { failures, penalties } = state.past;
  if (state.kind === 'closed') {
    const { code = 'closed', detail = 'by the application' } = state.failure ?? {};
    return { state: 'closed', code, failures, why: `Closed: ${detail}` };
  }
  const trying = state.round ? state.round.trials.map((trial) => trial.transport) : [];
  if (state.link) {
    const { transport, since } = state.link;
    const blocked = failures.filter(
      (each) => penalties[each.transport]?.until && each.transport !== transport,
    );
    const why = [`${transport} works`, ...blocked.map(tell)].join(', not ');
    const upgradeAt = state.kind === 'connected' ? state.upgradeAt : undefined;
    return { state: 'connected', transport, since, trying, upgradeAt, failures, why };
  }
  const newest = failures.at(-1);
  const down = failures.find(({ transport, cause }) => transport === plain && cause === 'network');
  let why = newest ? `Trying again after ${tell(newest)}` : 'Trying what works here';
  if (newest && down && newest.at - down.at < ROUND_MS) {
    why = `Nothing answers: ${tell(down)}`;
  }
  return state.kind === 'waiting'
    ? { state: 'waiting', waitingUntil: state.until, failures, why }
    : { state: 'connecting', trying, failures, why };
}
