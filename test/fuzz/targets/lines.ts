import assert from 'node:assert/strict';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { createLineReader } from '../../../src/wire/ndjson-reader.ts';
import { sseEvent } from '../../../src/wire/sse.ts';
import { cuts, mutated, piecesOf } from '../mutated.ts';
import { target } from '../target.ts';

const MAX_LENGTH = 200;
const LINES = ['{"a":1}\n{"b":2}\r\n\n', '"text"\n', 'data: {"a":1}\n\n: comment\n', '\r\n\r\n1'];

export const lineTargets = [
  target('lines, wherever they are cut', fc.tuple(mutated(LINES), cuts), ([text, at]) => {
    const expected = text.split('\n').slice(0, -1);
    const tooLong = text.split('\n').some((line) => line.length > MAX_LENGTH);
    const lines: string[] = [];
    const push = createLineReader((line) => lines.push(line), MAX_LENGTH);
    try {
      for (const piece of piecesOf(text, at)) push(piece);
      assert.ok(!tooLong, 'a line of more than it may hold was kept');
    } catch (error) {
      assert.ok(error instanceof SyntaxError && tooLong, String(error));
      return;
    }
    assert.deepEqual(lines, expected.map((line) => line.trim()).filter(Boolean));
  }),
  target('events, as an EventSource reads them', mutated(LINES), (data) => {
    const events: string[] = [];
    const parser = createParser({ onEvent: (event) => events.push(event.data) });
    parser.feed(sseEvent({ id: 'k3f9.1', data }));
    assert.deepEqual(events, [data.replaceAll(/\r\n?/g, '\n')]);
  }),
];
