import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { sseComment, sseEvent, ssePosition, sseRetry } from './sse.ts';

function parsed(stream: string) {
  const events: EventSourceMessage[] = [];
  const retries: number[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onRetry: (ms) => retries.push(ms),
    onComment: (comment) => comments.push(comment),
    onError: (error) => {
      throw error;
    },
  });
  parser.feed(stream);
  return { events, retries, comments };
}

test('an event is written field by field, with a blank line at its end', () => {
  assert.equal(
    sseEvent({ id: 'k3f9.7', event: 'goal', data: '[1]' }),
    'id: k3f9.7\nevent: goal\ndata: [1]\n\n',
  );
  assert.equal(sseEvent({ data: '' }), 'data: \n\n');
});

test('data of several lines is one field a line, whichever way its lines end', () => {
  assert.equal(sseEvent({ data: 'a\r\nb\nc\rd\n' }), 'data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n');
  assert.equal(parsed(sseEvent({ data: 'a\r\nb\nc\rd\n' })).events[0]?.data, 'a\nb\nc\nd\n');
});

test('whatever text is sent is read again, spaces and colons included', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(' ', ':', '\n', '\t', 'data: ', '\u2028'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  });
  const word = fc.stringMatching(/^[!-~\u00a0-\u00ff]{1,20}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, text), { minLength: 1 }), (given) => {
      const stream = given.map(([id, event, data]) => sseEvent({ id, event, data })).join('');
      assert.deepEqual(
        parsed(stream).events,
        given.map(([id, event, data]) => ({ id, event, data: data.replaceAll(/\r\n?/g, '\n') })),
      );
    }),
  );
});

test('comments and hints to retry make no event, and a position is one of its own type, with data', () => {
  const stream =
    sseComment(' '.repeat(10)) +
    sseRetry(2000) +
    ssePosition('k3f9.1') +
    sseComment('') +
    sseEvent({ id: 'k3f9.2', data: '1' });
  const { events, retries, comments } = parsed(stream);
  assert.deepEqual(events, [
    { id: 'k3f9.1', event: 'position', data: '{}' },
    { id: 'k3f9.2', event: undefined, data: '1' },
  ]);
  assert.deepEqual(retries, [2000]);
  assert.equal(comments.length, 2);
});
