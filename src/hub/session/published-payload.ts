import { type Payload, payloadOf } from '../../log/message.ts';
import type { PublishFrame } from '../../protocol/frames.ts';

/** What a frame publishes. */
export function publishedPayload({ data, encoding }: PublishFrame['publish']): Payload {
  return encoding === 'base64'
    ? { kind: 'binary', bytes: Buffer.from(data as string, 'base64') }
    : payloadOf(data);
}
