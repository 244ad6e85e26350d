import { ConnectError } from '@connectrpc/connect';
import { type ErrorCode, FanwireError, type Issue } from '../protocol/errors.ts';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from './gen/google/rpc/error_details_pb.ts';
import { STATUS } from './status.ts';

/** Whose reasons ours are, in `google.rpc.ErrorInfo`. */
const DOMAIN = 'fanwire';

const CODES = new Map(Object.keys(STATUS).map((code) => [reasonOf(code), code as ErrorCode]));

type Details = NonNullable<ConstructorParameters<typeof ConnectError>[3]>;

/**
 * An error of the hub as a gRPC client gets it: its status, its code as the reason of an `ErrorInfo`, and when to try again as
 * a `RetryInfo`.
 * @param metadata what was done before it failed
 */
export function toConnectError(
  error: FanwireError,
  metadata: Readonly<Record<string, string>> = {},
): ConnectError {
  const { code, message, retryAfter, issues } = error;
  const details: Details = [
    { desc: ErrorInfoSchema, value: { reason: reasonOf(code), domain: DOMAIN, metadata } },
  ];
  if (issues) details.push({ desc: BadRequestSchema, value: { fieldViolations: issues.map(violationOf) } });
  if (retryAfter === undefined) return new ConnectError(message, STATUS[code], undefined, details);
  const retryDelay = { seconds: BigInt(Math.floor(retryAfter)), nanos: Math.round((retryAfter % 1) * 1e9) };
  details.push({ desc: RetryInfoSchema, value: { retryDelay } });
  // What libraries of gRPC heed that were told to retry.
  const pushback = { 'grpc-retry-pushback-ms': String(Math.round(retryAfter * 1000)) };
  return new ConnectError(message, STATUS[code], pushback, details);
}

function violationOf({ message, path = [] }: Issue) {
  return { field: path.join('.'), description: message };
}

/** The hub's error in what a client of Connect's was given; undefined where no hub said anything, as when it can't be reached. */
export function toFanwireError(error: unknown): FanwireError | undefined {
  const given = ConnectError.from(error);
  const info = given.findDetails(ErrorInfoSchema).find(({ domain }) => domain === DOMAIN);
  const code = info && CODES.get(info.reason);
  if (code === undefined) return undefined;
  const [retry] = given.findDetails(RetryInfoSchema);
  const { seconds = 0n, nanos = 0 } = retry?.retryDelay ?? {};
  return new FanwireError(code, given.rawMessage, {
    retryAfter: retry && Number(seconds) + nanos / 1e9,
    cause: error,
  });
}

/** Reasons are written so by their definition. */
function reasonOf(code: string): string {
  return code.toUpperCase();
}
