import type { ErrorCode, FanwireError } from './errors.ts';

/** What an error code means over HTTP, and to whom it falls to do something. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
}

/** One row for each code; PROTOCOL.md holds the same table, and a test holds the two together. */
export const PROBLEMS: Readonly<Record<ErrorCode, ProblemKind>> = {
  invalid_channel: kind(400, 'Invalid channel name', 'Use 1 to 200 characters of A-Z a-z 0-9 . _ : -'),
  invalid_position: kind(400, 'Invalid position', 'Send a position as the hub gave it, or `start` or `now`.'),
  invalid_parameter: kind(400, 'Invalid parameter', 'The detail names the parameter and what it takes.'),
  invalid_json: kind(400, 'Invalid JSON', 'Send one JSON value; the detail says where it broke off.'),
  json_too_deep: kind(400, 'JSON too deep', 'Nest arrays and objects less, or raise the limit `jsonDepth`.'),
  invalid_frame: kind(400, 'Invalid frame', 'The detail names the member of the frame and what it takes.'),
  unauthenticated: kind(401, 'Not authenticated', 'Send a token that is valid and has not expired.'),
  forbidden: kind(403, 'Forbidden', 'Ask for a token whose grants cover the channel.'),
  origin_not_allowed: kind(403, 'Origin not allowed', 'Add the page’s origin to the option `origins`.'),
  host_not_allowed: kind(
    421,
    'Host not allowed',
    'Use the address it listens on, or add the name to `hosts`.',
  ),
  not_found: kind(404, 'Not found', 'Channels are at /channels/NAME.'),
  unknown_method: kind(404, 'Unknown request method', 'Register a handler of that name in `requests`.'),
  method_not_allowed: kind(405, 'Method not allowed', 'The header `Allow` lists the methods that are.'),
  not_acceptable: kind(406, 'Not acceptable', 'Accept JSON, text/event-stream or application/x-ndjson.'),
  upgrade_required: kind(
    426,
    'Upgrade required',
    'Here a GET opens a WebSocket: a proxy in between may have dropped `Upgrade`. POST works without.',
  ),
  message_too_large: kind(413, 'Message too large', 'Send less, or raise the limit `messageBytes`.'),
  body_too_large: kind(413, 'Body too large', 'Send smaller batches, or raise the limit `bodyBytes`.'),
  body_too_slow: kind(408, 'Body too slow', 'Send it faster than `bodyBytesPerSecond`, or in smaller parts.'),
  batch_too_large: kind(
    413,
    'Batch too large',
    'Send it in parts; the detail names the limit and what would pass.',
  ),
  query_too_complex: kind(
    400,
    'Query too complex',
    'Ask for less in one operation of GraphQL, or raise the limit the detail names.',
  ),
  unsupported_media_type: kind(415, 'Unsupported media type', 'The detail lists the types that are taken.'),
  invalid_data: kind(
    422,
    'Invalid data',
    'Send what the schema takes; `issues` says what is wrong, and where.',
  ),
  publish_refused: kind(422, 'Publish refused', 'The hub’s `beforePublish` refused it; the detail says why.'),
  idempotency_conflict: kind(
    422,
    'Idempotency key in use',
    'Publish something else under another key; what was published first stands.',
  ),
  too_many_channels: kind(
    400,
    'Too many channels',
    'Read fewer at once, or raise the limit the detail names.',
  ),
  too_many_connections: kind(429, 'Too many connections', 'Close some, or raise the limit the detail names.'),
  too_many_publishes: kind(429, 'Too many publishes', 'Wait for `Retry-After` seconds and send it again.'),
  request_failed: kind(500, 'Request failed', 'The request’s handler threw; the hub’s own log says what.'),
  internal: kind(500, 'Internal error', 'A fault of the hub; its own log says what.'),
  hub_busy: kind(503, 'Hub busy', 'Wait for `Retry-After` seconds and send it again.'),
  answer_full: kind(503, 'Answer full', 'Ask again, in a request of its own.'),
  log_unavailable: kind(503, 'Log unavailable', 'Nothing was lost: try again once the log is back.'),
  authorisation_unavailable: kind(
    503,
    'Authorisation unavailable',
    'Try again: the token, or a right, could not be checked just now.',
  ),
  draining: kind(503, 'Draining', 'This node is going away: try again, another will answer.'),
  connection_lost: kind(
    503,
    'Connection lost',
    'Client only: the answer is unknown; ask again if that is safe.',
  ),
  closed: kind(503, 'Closed', 'Client only: `close` was called on the client or the subscription.'),
};

/** Whether the same request may be granted later, without a change to it. */
export function isPassing(code: ErrorCode): boolean {
  const { status } = PROBLEMS[code];
  return status === 429 || status >= 500;
}

function kind(status: number, title: string, remedy: string): ProblemKind {
  return { status, title, remedy };
}

/** Has a paragraph under each code. */
const PARAGRAPHS = 'https://github.com/fanwire/fanwire/blob/main/docs/troubleshooting.md';

/**
 * An error as the body of `application/problem+json` (RFC 9457), with its stable `code`.
 * @param extra further members of the body, such as what was done before it failed
 */
export function problemJson(error: FanwireError, extra: Readonly<Record<string, unknown>> = {}): string {
  const { status, title } = PROBLEMS[error.code];
  return JSON.stringify({ type: `${PARAGRAPHS}#${error.code}`, title, status, ...error.toJSON(), ...extra });
}
