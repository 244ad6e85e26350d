import { isUtf8 } from 'node:buffer';
import { FanwireError } from '../protocol/errors.ts';
import type { Carrier } from './carrier.ts';
import { memo } from './memo.ts';
import { ReceivedBody } from './received-body.ts';
import type { RequestHead } from './request-head.ts';
import type { ServerExchange } from './server-exchange.ts';

/** What is held of a request's body, until it is done with. */
const BODY = Symbol('body');
type WithBody = RequestHead & { [BODY]?: ReceivedBody };

/**
 * A request's body, whole: read, or what is left of it where a program's body parser has read it before. What is read is to be
 * let go by `releaseBody`.
 * @param usual the most bytes, for whoever is known
 * @throws FanwireError as `ReceivedBody`; `unsupported_media_type` for a compressed one; `internal` if nothing is left
 */
export async function readBody(
  { hub, caller, carrier }: Pick<ServerExchange, 'hub' | 'caller' | 'carrier'>,
  usual: number,
): Promise<Buffer> {
  const maxBytes = hub.maxBytes(caller.access, usual);
  const limits = {
    network: caller.network,
    maxBytes,
    name: maxBytes < usual ? 'strangerBytes' : 'bodyBytes',
  };
  const body = new ReceivedBody(carrier, hub, limits);
  const left = carrier.leftBody();
  if (left) {
    if (left.length > maxBytes) throw body.tooLarge();
    return left;
  }
  const { request } = carrier;
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new FanwireError(
      'invalid_parameter',
      `Transfer-Encoding: expected chunked alone, found ${coding.slice(0, 60)}`,
    );
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new FanwireError(
      'unsupported_media_type',
      `send the body as it is, without Content-Encoding: ${encoding}`,
    );
  }
  (request as WithBody)[BODY] = body;
  return body.read();
}

/** Whatever was read of a request's body is done with. */
export function releaseBody({ request }: Pick<Carrier, 'request'>): void {
  (request as WithBody)[BODY]?.release();
}

/** The media type of a request's body, in lower case and without parameters; '' when it names none. */
export function mediaTypeOf({ headers }: Pick<RequestHead, 'headers'>): string {
  return mediaTypeIn(headers['content-type'] ?? '');
}

const mediaTypeIn = memo((header: string): string => {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset && !/^charset="?(utf-?8|us-ascii)"?$/i.test(charset)) {
    throw new FanwireError('unsupported_media_type', `text is taken in UTF-8, not ${charset}`);
  }
  return type.toLowerCase();
});

/**
 * A byte order mark is part of a text as it is.
 * @throws FanwireError `unsupported_media_type` for bytes that are not UTF-8
 */
export function decodeText(bytes: Buffer): string {
  assertUtf8(bytes);
  return bytes.toString();
}

/** @throws FanwireError `unsupported_media_type` */
export function assertUtf8(bytes: Buffer): void {
  if (isUtf8(bytes)) return;
  throw new FanwireError(
    'unsupported_media_type',
    'the body is not UTF-8: send bytes as application/octet-stream',
  );
}
