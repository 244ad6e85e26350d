import { Code } from '@connectrpc/connect';
import type { ErrorCode } from '../protocol/errors.ts';

/**
 * The status of gRPC that each of our codes is told by, and what a status alone is taken for. docs/grpc.md holds the same
 * table, and a test holds the two together. A limit is `RESOURCE_EXHAUSTED`: with a time to wait if waiting helps.
 */
export const STATUS: Readonly<Record<ErrorCode, Code>> = {
  invalid_channel: Code.InvalidArgument,
  invalid_position: Code.InvalidArgument,
  invalid_parameter: Code.InvalidArgument,
  invalid_json: Code.InvalidArgument,
  json_too_deep: Code.InvalidArgument,
  invalid_frame: Code.InvalidArgument,
  invalid_data: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  forbidden: Code.PermissionDenied,
  origin_not_allowed: Code.PermissionDenied,
  host_not_allowed: Code.PermissionDenied,
  not_found: Code.NotFound,
  unknown_method: Code.Unimplemented,
  method_not_allowed: Code.Unimplemented,
  not_acceptable: Code.Unimplemented,
  upgrade_required: Code.Unimplemented,
  message_too_large: Code.ResourceExhausted,
  body_too_large: Code.ResourceExhausted,
  body_too_slow: Code.DeadlineExceeded,
  batch_too_large: Code.ResourceExhausted,
  query_too_complex: Code.InvalidArgument,
  unsupported_media_type: Code.InvalidArgument,
  publish_refused: Code.FailedPrecondition,
  idempotency_conflict: Code.AlreadyExists,
  too_many_channels: Code.ResourceExhausted,
  too_many_connections: Code.ResourceExhausted,
  too_many_publishes: Code.ResourceExhausted,
  request_failed: Code.Unknown,
  internal: Code.Internal,
  hub_busy: Code.ResourceExhausted,
  answer_full: Code.ResourceExhausted,
  log_unavailable: Code.Unavailable,
  authorisation_unavailable: Code.Unavailable,
  draining: Code.Unavailable,
  connection_lost: Code.Unavailable,
  closed: Code.Canceled,
};
