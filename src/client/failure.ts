import { comesBack } from '../protocol/close-codes.ts';
import type { ErrorCode, Problem } from '../protocol/errors.ts';

/** What became of an attempt or a link, closed. */
export type Cause =
  /** There is no such transport in this environment. */
  | 'unsupported'
  /** Something on the way, or the server, answered no: `status` says what, where it can be seen. */
  | 'refused'
  /** It opened, or seemed to, and no round trip was made in time. */
  | 'mute'
  /** The response's headers came but not its body: something on the way holds it back. */
  | 'buffered'
  /** A link that worked, and was not heard from for one and a half heartbeats. */
  | 'silent'
  /** A link that worked, and ended without a goodbye. */
  | 'cut'
  /** What came back is not fanwire's: a captive portal's page, for example. */
  | 'garbled'
  /** Nothing answers: the server is down, or this device is offline. */
  | 'network'
  | 'server_error'
  | 'unauthenticated'
  | 'forbidden'
  /** The node drains, or closed by itself: another will answer. */
  | 'going_away';

export interface Failure {
  readonly cause: Cause;
  readonly detail: string;
  /** Of the HTTP answer. */
  readonly status?: number | undefined;
  readonly code?: ErrorCode | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The hub refused this client: its token, its origin, or what it may do. No transport would change that. */
  readonly final?: boolean;
}

/** A failure that is thrown. */
export class TransportError extends Error implements Failure {
  declare readonly cause: Cause;
  declare readonly detail: string;
  constructor(cause: Cause, detail: string, more?: Omit<Failure, 'cause' | 'detail'>) {
    super(detail);
    Object.assign(this, { cause, detail }, more);
  }
}

export const GARBLED = new TransportError('garbled', 'not frames');

export function failureOf(error: unknown, otherwise: Cause = 'network'): Failure {
  if (error instanceof SyntaxError) return GARBLED;
  if (error instanceof TransportError) return error;
  return { cause: otherwise, detail: `${error}` };
}

const TEMPORARY: readonly ErrorCode[] = [
  'internal',
  'hub_busy',
  'answer_full',
  'log_unavailable',
  'authorisation_unavailable',
  'draining',
  'too_many_connections',
  'too_many_publishes',
];

/** Refusals of the client itself. Any other answer says something of the way it came, or of the request. */
const FINAL: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'origin_not_allowed'];

/** Codes after which the same thing may be tried again, later. */
export function isTemporary(code: ErrorCode): boolean {
  // Without one it is no word of the hub's.
  return !code || TEMPORARY.includes(code);
}

export function errorOf({ code, detail, retryAfter }: Problem, status?: number): TransportError {
  const final = FINAL.includes(code);
  const cause =
    code === 'unauthenticated' ? code : final ? 'forbidden' : isTemporary(code) ? 'server_error' : 'refused';
  return new TransportError(code === 'draining' ? 'going_away' : cause, detail, {
    status,
    code,
    retryAfterMs: retryAfter && retryAfter * 1000,
    final,
  });
}

/** An HTTP answer that is not the one asked for. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null | undefined;
  readonly retryAfter: string | null | undefined;
  readonly body: string;
}

export function errorOfAnswer({ status, contentType, retryAfter, body }: Answer): TransportError {
  // By the hub itself, and not by something on the way.
  if (contentType?.includes('problem+json')) {
    try {
      return errorOf(JSON.parse(body), status);
    } catch {
      // Cut short on the way: the status says enough.
    }
  }
  if (status < 300) return GARBLED;
  // The header's other form, a date, is left: clocks differ.
  const retryAfterMs = Number(retryAfter) * 1000 || undefined;
  const cause = status >= 500 || status === 429 ? 'server_error' : 'refused';
  // A proxy has limits of its own.
  const code = status === 413 ? 'body_too_large' : undefined;
  return new TransportError(cause, `answered ${status}`, { status, code, retryAfterMs });
}

/**
 * What a WebSocket's end says. The hub tells its reason in a frame before, which is all that is needed;
 * the code is left for when it could not.
 */
export function errorOfClose(code: number, reason: string, idleMs: number): TransportError {
  // RFC 6455 section 7.4.1: both mean that there was no goodbye.
  const cut = code === 1005 || code === 1006;
  const detail = `closed with ${code} ${reason} after ${Math.round(idleMs / 1000)} s idle`;
  // Of these codes the reason is the error's own code.
  if (!comesBack(code)) return errorOf({ code: reason as ErrorCode, detail });
  // RFC 6455 section 7.4.1: a message too big to process. No frame has told of it before.
  const tooBig = code === 1009 ? 'message_too_large' : undefined;
  return new TransportError(cut ? 'cut' : 'going_away', detail, { code: tooBig });
}
