import type { IncomingMessage } from 'node:http';
import { FanwireError } from '../protocol/errors.ts';

/**
 * A request's body, whole.
 * @throws FanwireError `body_too_large`, `unsupported_media_type` for a compressed one, `connection_lost`
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new FanwireError(
      'unsupported_media_type',
      `send the body as it is, without Content-Encoding: ${encoding}`,
    );
  }
  const tooLarge = () =>
    new FanwireError(
      'body_too_large',
      `a request's body takes ${maxBytes} bytes (bodyBytes): send smaller batches`,
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of partsOf(request)) {
    length += part.length;
    if (length > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

async function* partsOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // An answer is still to be sent: leaving the loop must not destroy the connection.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new FanwireError('connection_lost', 'the request broke off before the end of its body', { cause });
  }
}

/** The media type of a request's body, in lower case and without parameters; '' when it names none. */
export function mediaTypeOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset && !/^charset="?(utf-?8|us-ascii)"?$/i.test(charset)) {
    throw new FanwireError('unsupported_media_type', `text is taken in UTF-8, not ${charset}`);
  }
  return type.toLowerCase();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws FanwireError `unsupported_media_type` for bytes that are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FanwireError(
      'unsupported_media_type',
      'the body is not UTF-8: send bytes as application/octet-stream',
    );
  }
}
