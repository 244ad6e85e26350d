import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { FanwireError } from '../protocol/errors.ts';
import { memo } from './memo.ts';

/**
 * A request's body, whole: read, or what is left of it where a program's body parser has read it before.
 * @throws FanwireError `body_too_large`, `unsupported_media_type` for a compressed one, `connection_lost`; `internal` if
 * nothing is left
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new FanwireError(
      'body_too_large',
      `a request's body takes ${maxBytes} bytes (bodyBytes): send smaller batches`,
    );
  if (request.readableDidRead || request.readableEnded) {
    const left = leftOf(request);
    if (left.length > maxBytes) throw tooLarge();
    return left;
  }
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
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  // Events, not iteration, which costs as much as the rest of a small request together.
  return new Promise((resolve, reject) => {
    let body: Buffer = Buffer.alloc(0);
    let length = 0;
    request.on('data', (part: Buffer) => {
      if (length + part.length > maxBytes) {
        request.removeAllListeners('data').pause();
        reject(tooLarge());
        return;
      }
      // Mostly there is one part. A list of parts of a byte each would take a hundred times what they hold.
      body = length === 0 ? part : appended(body, length, part);
      length += part.length;
    });
    request.on('end', () => resolve(body.subarray(0, length)));
    const lost = () => {
      if (request.readableEnded) return;
      reject(new FanwireError('connection_lost', 'the request broke off before the end of its body'));
    };
    request.on('error', lost).on('close', lost);
  });
}

/** What body parsers leave in `body`: bytes, a text, or a value of JSON, whose numbers are what JavaScript made of them. */
function leftOf(request: IncomingMessage & { readonly body?: unknown }): Buffer {
  const { body, headers } = request;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isJson = mediaTypeOf(request) === 'application/json';
  if (typeof body === 'string') {
    const length = headers['content-length'];
    // A value of JSON that is a text, and not JSON that was left as a text: that is as long as it was sent.
    const isValue = isJson && length !== undefined && Number(length) !== Buffer.byteLength(body);
    return Buffer.from(isValue ? JSON.stringify(body) : body);
  }
  if (body !== undefined && isJson) return Buffer.from(JSON.stringify(body));
  if (request.readableEnded && !request.readableDidRead) return Buffer.alloc(0);
  const sentence =
    'the body was read before the hub had the request, and is not in `request.body`: ' +
    'in the program, put the hub before the body parser, or leave there what it read';
  // The cause is for the program, which is told of it; the client can do nothing.
  throw new FanwireError('internal', sentence, { cause: new TypeError(sentence) });
}

/** Writes a part behind the first `length` bytes, in a buffer twice as large once there is no room. */
function appended(bytes: Buffer, length: number, part: Buffer): Buffer {
  const needed = length + part.length;
  let whole = bytes;
  if (needed > bytes.length) {
    whole = Buffer.allocUnsafe(needed * 2);
    bytes.copy(whole, 0, 0, length);
  }
  part.copy(whole, length);
  return whole;
}

/** The media type of a request's body, in lower case and without parameters; '' when it names none. */
export function mediaTypeOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
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
