import type { IncomingMessage } from 'node:http';
import { FanwireError } from '../protocol/errors.ts';
import { mediaTypeOf } from './body.ts';

type Parsed = IncomingMessage & { readonly body?: unknown };

/**
 * What a program's body parser has left of a body that it has read; undefined where nobody has read it.
 * @throws FanwireError `internal` if nothing is left
 */
export function leftBody(request: IncomingMessage): Buffer | undefined {
  return request.readableDidRead || request.readableEnded ? leftOf(request) : undefined;
}

/** What body parsers leave in `body`: bytes, a text, or a value of JSON, whose numbers are what JavaScript made of them. */
function leftOf(request: Parsed): Buffer {
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
