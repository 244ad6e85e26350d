import { jsonMessage } from '../hub/publishing/json-message.ts';
import type { Payload } from '../log/message.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { assertUtf8 } from '../server/body.ts';

const TAKEN = ['application/json', 'text/plain', 'application/octet-stream'];

/** The payload that a client's bytes are. @throws FanwireError `unsupported_media_type`, `invalid_json`, `json_too_deep` */
export function publishedPayload(data: Uint8Array, contentType: string, { jsonDepth }: Limits): Payload {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const [mediaType] = contentType.split(';', 1) as [string];
  switch (mediaType.trim().toLowerCase()) {
    case '':
    case 'application/json':
      assertUtf8(bytes);
      return jsonMessage(bytes, 0, bytes.length, jsonDepth);
    case 'text/plain':
      assertUtf8(bytes);
      return { kind: 'text', text: bytes.toString() };
    case 'application/octet-stream':
      // A copy: these are a view of all that came with them, which the log would keep.
      return { kind: 'binary', bytes: new Uint8Array(bytes) };
    default:
      throw new FanwireError(
        'unsupported_media_type',
        `content_type is ${contentType.slice(0, 60)}: send one of ${TAKEN.join(', ')}`,
      );
  }
}
