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
  const message = (id: string) => channels.receive({ id, channel: 'news', time: 0, data: null }, 1);
  return { channels, listen, asked, message };
}

test('messages held already are dropped, and nothing is delivered before the link says it is on', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  assert.deepEqual(asked(channels.changes(1)), ['1 now']);
  message('e.6');
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  for (const id of ['e.5', 'e.6', 'e.6', 'e.7']) message(id);
  assert.deepEqual(got, ['e.6', 'e.7']);
});

test('a link that takes over resumes from the position, which heartbeats move too', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  channels.changes(1);
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  channels.receive({ heartbeat: { position: 'e.9' } }, 1);
  channels.adopted();
  assert.deepEqual(asked(channels.changes(2)), ['2 e.9']);
  channels.receive({ ref: 2, ok: { position: 'e.9' } }, 2);
  message('e.9');
  message('e.10');
  assert.deepEqual(got, ['e.10']);
});

test('what slipped between two links that both began from now is asked for again', () => {
  const { channels, listen, asked, message } = setUp();
  const { got } = listen();
  channels.request(1);
  channels.request(2);
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  channels.adopted();
  channels.receive({ ref: 2, ok: { position: 'e.7' } }, 2);
  message('e.8');
  assert.deepEqual(got, []);
  assert.equal(channels.isCurrent(2), false);
  assert.deepEqual(asked(channels.request(2).frames), ['3 e.5']);
});

test('a second listener that wants history rewinds the channel, and the first sees nothing twice', () => {
  const { channels, listen, asked, message } = setUp();
  const first = listen();
  channels.changes(1);
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  message('e.6');
  const second = listen({ after: 'start' });
  assert.deepEqual(asked(channels.changes(1)), ['2 start']);
  channels.receive({ ref: 2, ok: { position: 'e.0' } }, 1);
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
  channels.receive({ ref: 1, ok: { position: 'e.8' } }, 1);
  message('e.9');
  assert.deepEqual([first.got, second.got], [[], []]);
  assert.deepEqual(asked(channels.changes(1)), ['2 e.2']);
  channels.receive({ ref: 2, ok: { position: 'e.2' } }, 1);
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
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  channels.pause('news', listener, true);
  assert.deepEqual(asked(channels.changes(1)), ['2 stop']);
  message('e.6');
  channels.pause('news', listener, false);
  assert.deepEqual(asked(channels.changes(1)), ['3 e.5']);
  assert.deepEqual(got, []);
});

test('a gap moves the position, into another epoch as well', () => {
  const { channels, listen, message } = setUp();
  const { got, listener } = listen({ position: 'old.90' });
  channels.changes(1);
  channels.receive({ ref: 1, ok: { position: 'old.90' } }, 1);
  channels.receive({ gap: { channel: 'news', from: 'old.90', to: 'new.3', reason: 'epoch' } }, 1);
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
  channels.receive({ ref: 1, error: { code: 'forbidden', detail: '' } }, 1);
  assert.deepEqual([refused.got, other.got], [['forbidden'], []]);
});

test('a channel that is refused for a while is not moved by what was given on the others', () => {
  const { channels, listen, asked } = setUp();
  const { got } = listen({ after: 'e.5' });
  listen({ after: 'e.5' }, 'other');
  channels.request(1);
  for (const ref of [1, 2]) channels.receive({ ref, ok: { position: 'e.5' } }, 1);
  assert.deepEqual(asked(channels.request(1).frames), ['3 e.5', '4 e.5']);
  channels.receive({ ref: 3, error: { code: 'log_unavailable', detail: '', retryAfter: 1 } }, 1);
  channels.receive({ ref: 4, ok: { position: 'e.5' } }, 1);
  channels.receive({ heartbeat: { position: 'e.9' } }, 1);
  assert.deepEqual(asked(channels.request(1).frames), ['5 e.5', '6 e.9']);
  assert.deepEqual(got, []);
});

test('a handler that ends another listener, or starts one, leaves neither with what is not its own', () => {
  const { channels, listen, message } = setUp();
  const first = listen();
  const second = listen();
  channels.changes(1);
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  let third: ReturnType<typeof listen> | undefined;
  first.listener.deliver = () => {
    channels.remove('news', second.listener);
    third ??= listen();
  };
  message('e.6');
  message('e.7');
  assert.deepEqual([second.got, third?.got], [[], ['e.7']]);
});

test('a gap begins for each listener where that listener stands, and holds nothing that it has been given', () => {
  const { channels, listen, message } = setUp();
  const behind = listen({ position: 'e.5' });
  const ahead = listen({ position: 'e.8' });
  const gaps: string[] = [];
  for (const [name, { listener }] of Object.entries({ behind, ahead }))
    listener.tell = ({ from, to }) => gaps.push(`${name} from ${from} to ${to}`);
  channels.changes(1);
  channels.receive({ ref: 1, ok: { position: 'e.5' } }, 1);
  // Another link, or what the other listener had, brought it.
  message('e.9');
  behind.listener.position = { epoch: 'e', sequence: 5 };
  channels.receive({ gap: { channel: 'news', from: 'e.5', to: 'e.20', reason: 'trimmed' } }, 1);
  assert.deepEqual(gaps, ['behind from e.5 to e.20', 'ahead from e.9 to e.20']);
});

test('places of two lives of the log on one channel: whoever is of the old one is told so by a gap', () => {
  const { channels, listen, asked, message } = setUp();
  const current = listen({ position: 'new.4' });
  const old = listen({ position: 'old.90' });
  assert.deepEqual(asked(channels.changes(1)), ['1 new.4']);
  channels.receive({ ref: 1, ok: { position: 'new.4' } }, 1);
  message('new.5');
  // Now it is known which is the older.
  assert.deepEqual(asked(channels.changes(1)), ['2 old.90']);
  channels.receive({ ref: 2, ok: { position: 'old.90' } }, 1);
  channels.receive({ gap: { channel: 'news', from: 'old.90', to: 'new.2', reason: 'epoch' } }, 1);
  for (const id of ['new.3', 'new.5', 'new.6']) message(id);
  assert.deepEqual(current.got, ['new.5', 'new.6']);
  assert.deepEqual(old.got, ['gap to new.2', 'new.3', 'new.5', 'new.6']);
});

test('a channel that nobody reads any more is forgotten once the link was told', () => {
  const { channels, listen, asked } = setUp();
  const { listener } = listen();
  channels.changes(1);
  channels.remove('news', listener);
  assert.equal(channels.isCurrent(1), false);
  assert.deepEqual(asked(channels.changes(1)), ['2 stop']);
  assert.equal(channels.isCurrent(1), true);
  assert.deepEqual(channels.request(2), { frames: [], positioned: true });
});
