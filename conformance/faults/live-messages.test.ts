import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Framing, NATS_FRAMING, REDIS_FRAMING, type Treatment, treatLive } from './live-messages.ts';
import { createRandom } from './random.ts';

const nats = (text: string) => {
  const size = Buffer.byteLength(text);
  return `HMSG fanwire.live.a 1 12 ${size + 12}\r\nNATS/1.0\r\n\r\n${text}\r\n`;
};
const redis = (text: string) =>
  `*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$${Buffer.byteLength(text)}\r\n${text}\r\n`;

const ENGINES = [
  { name: 'nats', framing: NATS_FRAMING, live: nats, answer: 'PONG\r\nMSG _INBOX.x 1 5\r\na\r\nb!\r\n' },
  {
    name: 'redis',
    framing: REDIS_FRAMING,
    live: redis,
    answer: '*2\r\n$-1\r\n*2\r\n:1\r\n+OK\r\n%1\r\n$1\r\nk\r\n_\r\n',
  },
] as const;

/** What passes of these bytes, given in pieces of so many. */
function passed(framing: Framing, treatment: Treatment, bytes: string, piece: number): string {
  const written: Buffer[] = [];
  const take = treatLive(framing, createRandom(1), () => treatment)((some) => written.push(some));
  const all = Buffer.from(bytes);
  for (let from = 0; from < all.length; from += piece) take(all.subarray(from, from + piece));
  return Buffer.concat(written).toString();
}

const texts = Array.from({ length: 40 }, (_, index) => `é\r\n${index};`);
const numbersIn = (bytes: string) => [...bytes.matchAll(/(\d+);/g)].map(([, number]) => Number(number));

for (const { name, framing, live, answer } of ENGINES) {
  const bytes = texts.map((text) => `${live(text)}${answer}`).join('');

  test(`${name}: what is not treated passes byte for byte, however it is cut`, () => {
    for (const piece of [1, 7, 1000]) assert.equal(passed(framing, 'pass', bytes, piece), bytes);
  });

  test(`${name}: some live messages are lost, and every answer passes`, () => {
    const left = passed(framing, 'lose', bytes, 7);
    assert.ok(numbersIn(left).length > 20 && numbersIn(left).length < 40);
    assert.equal(left.split(answer).length, texts.length + 1);
  });

  test(`${name}: some live messages change places, and none is lost`, () => {
    const numbers = numbersIn(passed(framing, 'swap', `${bytes}${live('40;')}${live('41;')}`, 7));
    const sorted = numbers.toSorted((one, other) => one - other);
    assert.notDeepEqual(numbers, sorted);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.length >= 41);
  });
}
