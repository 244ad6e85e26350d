import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPosition, parsePosition } from '../protocol/position.ts';
import { createChannels, type Listener } from './channels.ts';

function setUp() {
  let ref = 0;
  const channels = createChannels(
    () => ++ref,
    () => {},
  );
  const listen = (start: Listener['start'] & { position?: string } = {}, name = 'news') => {
    const got: string[] = [];
    const { position, ...rest } = start;
    const listener: Listener = {
      position: position === undefined ? undefined : parsePosition(position),
      paused: false,
      start: rest,
      presence: undefined,
      accepted: () => {},
      deliver: ({ id }) => got.push(id),
      tell: ({ to }) => got.push(`gap to ${to}`),
      fail: ({ code }) => got.push(code),
    };
    channels.add(name, listener);
    return { got, listener };
  };
  /** What a link is asked to subscribe from, as `ref after-or-last`. */
  const asked = (frames: readonly string[]) =>
    frames.map((text) => {
      const frame = JSON.parse(text);
      if (frame.unsubscribe) return `${frame.ref} stop`;
      const { after, last } = frame.subscribe;
      return `${frame.ref} ${after ?? (last === undefined ? 'now' : `last ${last}`)}`;
    });
  const message = (id: string) => channels.message({ id, channel: 'news', time: 0, data: null });
  return { channels, listen, asked, message };
}

test('messages held already are dropped, and nothing is delivered before the link says it is on', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  assert.deepEqual(asked(channels.changes(1)), ['1 now']);
  message('e.6');
  channels.answer(1, { ref: 1, ok: { position: 'e.5' } });
  for (const id of ['e.5', 'e.6', 'e.6', 'e.7']) message(id);
  assert.deepEqual(got, ['e.6', 'e.7']);
});

test('a link that takes over resumes from the position, which heartbeats move too', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  channels.changes(1);
  channels.answer(1, { ref: 1, ok: { position: 'e.5' } });
  channels.heartbeat({ heartbeat: { position: 'e.9' } });
  channels.adopted();
  assert.deepEqual(asked(channels.changes(2)), ['2 e.9']);
  channels.answer(2, { ref: 2, ok: { position: 'e.9' } });
  message('e.9');
  message('e.10');
  assert.deepEqual(got, ['e.10']);
});

test('what slipped between two links that both began from now is asked for again', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  channels.request(1);
  channels.request(2);
  channels.answer(1, { ref: 1, ok: { position: 'e.5' } });
  channels.adopted();
  channels.answer(2, { ref: 2, ok: { position: 'e.7' } });
  message('e.8');
  assert.deepEqual(got, []);
  assert.equal(channels.isCurrent(2), false);
  assert.deepEqual(asked(channels.request(2).frames), ['3 e.5']);
});

test('a second listener that wants history rewinds the channel, and the first sees nothing twice', () => {
  const { channels, listen, asked, message } = setUp();
  const first = listen();
  channels.changes(1);
  channels.answer(1, { ref: 1, ok: { position: 'e.5' } });
  message('e.6');
  const second = listen({ after: 'start' });
  assert.deepEqual(asked(channels.changes(1)), ['2 start']);
  channels.answer(1, { ref: 2, ok: {} });
  for (const id of ['e.1', 'e.6', 'e.7']) message(id);
  assert.deepEqual(
    [first.got, second.got],
    [
      ['e.6', 'e.7'],
      ['e.1', 'e.6', 'e.7'],
    ],
  );
});

test('a second listener for the newest few does not make the first skip what it still needs', () => {
  const { channels, listen, asked, message } = setUp();
  const first = listen({ position: 'e.2' });
  const second = listen({ last: 1 });
  assert.deepEqual(asked(channels.changes(1)), ['1 last 1']);
  channels.answer(1, { ref: 1, ok: {} });
  message('e.9');
  assert.deepEqual([first.got, second.got], [[], ['e.9']]);
  assert.deepEqual(asked(channels.changes(1)), ['2 e.2']);
  channels.answer(1, { ref: 2, ok: { position: 'e.2' } });
  for (const id of ['e.3', 'e.9', 'e.10']) message(id);
  assert.deepEqual(
    [first.got, second.got],
    [
      ['e.3', 'e.9', 'e.10'],
      ['e.9', 'e.10'],
    ],
  );
});

test('a listener that is paused keeps its place, and is brought up from it', () => {
  const { channels, listen, asked, message } = setUp();
  const { got, listener } = listen();
  channels.changes(1);
  channels.answer(1, { ref: 1, ok: { position: 'e.5' } });
  channels.pause(listener, 'news');
  assert.deepEqual(asked(channels.changes(1)), ['2 stop']);
  message('e.6');
  channels.resume(listener, 'news');
  assert.deepEqual(asked(channels.changes(1)), ['3 e.5']);
  assert.deepEqual(got, []);
});

test('a gap moves the position, into another epoch as well', () => {
  const { channels, listen, message } = setUp();
  const { got, listener } = listen({ position: 'old.90' });
  channels.changes(1);
  channels.answer(1, { ref: 1, ok: { position: 'old.90' } });
  channels.gap({ gap: { channel: 'news', from: 'old.90', to: 'new.3', reason: 'epoch' } });
  message('new.3');
  message('new.4');
  assert.deepEqual(got, ['gap to new.3', 'new.4']);
  assert.equal(formatPosition(listener.position!), 'new.4');
});

test('a refusal ends the listeners of that channel alone', () => {
  const { channels, listen } = setUp();
  const refused = listen();
  const other = listen({}, 'other');
  channels.changes(1);
  channels.answer(1, { ref: 1, error: { code: 'forbidden', detail: '' } });
  assert.deepEqual([refused.got, other.got], [['forbidden'], []]);
});
