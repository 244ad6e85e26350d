/** Every error the hub or the client can give, closed. `problems.ts` says what each means and what to do. */
export type ErrorCode =
  | 'invalid_channel'
  | 'invalid_position'
  | 'invalid_parameter'
  | 'invalid_json'
  | 'json_too_deep'
  | 'invalid_frame'
  | 'unauthenticated'
  | 'forbidden'
  | 'origin_not_allowed'
  | 'host_not_allowed'
  | 'not_found'
  | 'unknown_method'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'upgrade_required'
  | 'message_too_large'
  | 'body_too_large'
  | 'body_too_slow'
  | 'batch_too_large'
  | 'unsupported_media_type'
  | 'publish_refused'
  | 'idempotency_conflict'
  | 'too_many_channels'
  | 'too_many_connections'
  | 'too_many_publishes'
  | 'request_failed'
  | 'internal'
  | 'hub_busy'
  | 'answer_full'
  | 'log_unavailable'
  | 'authorisation_unavailable'
  | 'draining'
  | 'connection_lost'
  | 'closed';

/** An error as it crosses the wire, in a frame or (as RFC 9457) in a response's body. */
export interface Problem {
  readonly code: ErrorCode;
  /** What was wrong, where, and what to do. */
  readonly detail: string;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number | undefined;
}

/** The one error class. `code` is stable; the message is for people. */
export class FanwireError extends Error {
  override readonly name = 'FanwireError';
  declare readonly code: ErrorCode;
  declare readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { retryAfter?: number | undefined; cause?: unknown } = {},
  ) {
    super(detail, options);
    this.code = code;
    this.retryAfter = options.retryAfter;
  }

  toJSON(): Problem {
    const { code, message: detail, retryAfter } = this;
    return { code, detail, retryAfter };
  }
}
