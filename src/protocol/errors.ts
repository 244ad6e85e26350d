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
  | 'query_too_complex'
  | 'unsupported_media_type'
  | 'invalid_data'
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

/** What is wrong with a part of what was sent. */
export interface Issue {
  readonly message: string;
  /** From the whole to the part: names of members, and places in lists. Absent for the whole. */
  readonly path?: readonly (string | number)[];
}

/** An error as it crosses the wire, in a frame or (as RFC 9457) in a response's body. */
export interface Problem {
  readonly code: ErrorCode;
  /** What was wrong, where, and what to do. */
  readonly detail: string;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number | undefined;
  /** With `invalid_data`: what the schema has against the data, the first of it. */
  readonly issues?: readonly Issue[] | undefined;
}

/** The one error class. `code` is stable; the message is for people. */
export class FanwireError extends Error {
  override readonly name = 'FanwireError';
  declare readonly code: ErrorCode;
  declare readonly retryAfter: number | undefined;
  declare readonly issues: readonly Issue[] | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: Pick<Problem, 'retryAfter' | 'issues'> & { cause?: unknown } = {},
  ) {
    super(detail, options);
    const { retryAfter, issues } = options;
    Object.assign(this, { code, retryAfter, issues });
  }

  toJSON(): Problem {
    const { code, message: detail, retryAfter, issues } = this;
    return { code, detail, retryAfter, issues };
  }
}
