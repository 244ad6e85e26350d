import { comesBack } from '../protocol/close-codes.ts';
import type { ErrorCode, Problem } from '../protocol/errors.ts';

/** Why an attempt failed, or a link ended. The list is closed. */
export type Cause =
  /** This environment has no such transport. */
  | 'unsupported'
  /** The server, or something on the way, answered no. `status` says what, where the environment shows it. */
  | 'refused'
  /** The link opened, or seemed to, and made no round trip in time. */
  | 'mute'
  /** The response's headers came but not its body, because something on the way holds it back. */
  | 'buffered'
  /** The link worked, and then was silent for one and a half heartbeats. */
  | 'silent'
  /** The link worked, and ended without a goodbye. */
  | 'cut'
  /** The answer is not fanwire's: a captive portal's page, for example. */
  | 'garbled'
  /** Nothing answers, because the server is down or this device is offline. */
  | 'network'
  | 'server_error'
  | 'unauthenticated'
  | 'forbidden'
  /** The node drains, or closed by itself. Another node will answer. */
  | 'going_away';

export interface Failure {
  readonly cause: Cause;
  readonly detail: string;
  /** Of the HTTP answer. */
  readonly status?: number | undefined;
  readonly code?: ErrorCode | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Whether the hub refused the client itself: its token, its origin, or its rights. No other transport would change that. */
  readonly final?: boolean;
}

/** A failure as an error to throw. */
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

/** With these codes the hub refuses the client itself. Any other answer is about the request, or the way that it took. */
const FINAL: readonly ErrorCode[] = ['unauthenticated', 'forbidden', 'origin_not_allowed'];

/** Whether the same may succeed later. */
export function isTemporary(code: ErrorCode): boolean {
  // An answer without a code is not the hub's.
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

/** An HTTP answer other than the one asked for. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | null | undefined;
  readonly retryAfter: string | null | undefined;
  readonly body: string;
}

export function errorOfAnswer({ status, contentType, retryAfter, body }: HttpAnswer): TransportError {
  // Only the hub itself answers so, and nothing on the way.
  if (contentType?.includes('problem+json')) {
    try {
      return errorOf(JSON.parse(body), status);
    } catch {
      // The body was cut short on the way. The status says enough.
    }
  }
  if (status < 300) return GARBLED;
  // The header's other form, a date, is ignored, because clocks differ.
  const retryAfterMs = Number(retryAfter) * 1000 || undefined;
  const cause = status >= 500 || status === 429 ? 'server_error' : 'refused';
  // A proxy has limits of its own.
  const code = status === 413 ? 'body_too_large' : undefined;
  return new TransportError(cause, `answered ${status}`, { status, code, retryAfterMs });
}

/**
 * The failure that a WebSocket's close code stands for. The hub tells its reason in a frame before the close; the code
 * is for closes without such a frame.
 */
export function errorOfClose(code: number, reason: string, idleMs: number): TransportError {
  // RFC 6455 section 7.4.1: both codes mean that no close frame came.
  const cut = code === 1005 || code === 1006;
  const detail = `closed with ${code} ${reason} after ${Math.round(idleMs / 1000)} s idle`;
  // With these close codes the hub gives the error's code as the reason.
  if (!comesBack(code)) return errorOf({ code: reason as ErrorCode, detail });
  // RFC 6455 section 7.4.1: a message was too big to process. No frame comes before this close.
  const tooBig = code === 1009 ? 'message_too_large' : undefined;
  return new TransportError(cut ? 'cut' : 'going_away', detail, { code: tooBig });
}
