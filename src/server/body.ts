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
  // Events, not iteration, which costs as much as the rest of a small request together.
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      parts.push(part);
      if (length <= maxBytes) return;
      request.removeAllListeners('data').pause();
      reject(tooLarge());
    });
    request.on('end', () => resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts)));
    const lost = () => {
      if (request.readableEnded) return;
      reject(new FanwireError('connection_lost', 'the request broke off before the end of its body'));
    };
    request.on('error', lost).on('close', lost);
  });
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

// A byte order mark is part of a text as it is.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
