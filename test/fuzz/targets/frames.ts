import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkMembers, isUnread, readFrame } from '../../../src/hub/session/frame-reader.ts';
import { isChannelName } from '../../../src/protocol/channel-name.ts';
import type { ClientFrame } from '../../../src/protocol/frames.ts';
import { mutated } from '../mutated.ts';
import { target, unlessRefused } from '../target.ts';

const JSON_DEPTH = 64;

const EXAMPLES = [
  '{"hello":{"client":"4f1a90b2c7","token":"e30.e30.x","wait":25,"why":"websocket failed"}}',
  '{"ref":1,"subscribe":{"channel":"chat","after":"k3f9.7","presence":{"name":"Ada"}}}',
  '{"ref":2,"subscribe":{"channel":"chat","last":10}}',
  '{"ref":3,"unsubscribe":{"channel":"chat"}}',
  '{"ref":4,"publish":{"channel":"chat","data":{"a":[1,"two",null]},"type":"goal","key":"k","idempotencyKey":"order-1"}}',
  '{"ref":5,"publish":{"channel":"chat","data":"aGk=","encoding":"base64"}}',
  '{"ref":6,"request":{"method":"add","data":{"a":1}}}',
  '{"ref":7,"presence":{"channel":"chat","after":"x","limit":10}}',
  '{"ref":8,"token":"e30.e30.x"}',
  '{"ping":7}',
  '{"bye":true}',
];

const channel = fc.stringMatching(/^[A-Za-z0-9._:-]{1,20}$/);
const ref = fc.nat();
const valid: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({ ref, publish: fc.record({ channel, data: fc.jsonValue() }) }),
  fc.record({ ref, subscribe: fc.record({ channel, last: fc.integer({ min: 1 }) }) }),
  fc.record({ ref, unsubscribe: fc.record({ channel }) }),
  fc.record({ ref, token: fc.string() }),
  fc.record({ ping: fc.nat() }),
);

export const frameTargets = [
  target('frames of a client', mutated(EXAMPLES), (text) => {
    const frame = unlessRefused(['invalid_json', 'invalid_frame', 'json_too_deep'], () => {
      return readFrame(Buffer.from(text), JSON_DEPTH);
    });
    if (!frame || isUnread(frame) || !('ref' in frame)) return;
    unlessRefused(['invalid_frame', 'invalid_channel'], () => {
      checkMembers(frame);
      if ('publish' in frame) assert.ok(isChannelName(frame.publish.channel));
    });
  }),
  target('frames that are valid', valid, (frame) => {
    const text = JSON.stringify(frame);
    const read = readFrame(Buffer.from(text), JSON_DEPTH);
    assert.ok(!isUnread(read));
    if ('ref' in read) checkMembers(read);
    assert.equal(JSON.stringify(read), text);
  }),
];
