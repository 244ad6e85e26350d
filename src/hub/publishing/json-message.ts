import { jsonPayload, type Payload } from '../../log/message.ts';
import { checkJson } from './json-check.ts';

/**
 * The payload that bytes of UTF-8 hold, decoded by itself: cut out of a text, it would keep the whole of that in memory
 * as long as it is kept.
 * @throws FanwireError `invalid_json`, `json_too_deep`
 */
export function jsonMessage(bytes: Buffer, from: number, to: number, maxDepth: number): Payload {
  checkJson(bytes, from, to, maxDepth);
  return jsonPayload(bytes.toString('utf8', from, to));
}
