import { FanwireError, type Problem } from '../protocol/errors.ts';
import type { ServerFrame, SubscribeReply } from '../protocol/frames.ts';
import type { Gap } from '../protocol/gap.ts';
import type { Message } from '../protocol/message.ts';
import { formatPosition, type Position, parsePosition } from '../protocol/position.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';
import { fromBase64 } from './base64.ts';
import { isTemporary } from './failure.ts';
import type { Subscriptions } from './transports/transport.ts';

/** One reader of a channel. Each listener has its own position, so that all of a channel can share one subscription. */
export interface Listener {
  /** Everything up to here was delivered. Undefined until the hub has said where the listener begins. */
  position: Position | undefined;
  /** Whether the listener takes nothing for now, because it holds as much as it may. */
  paused: boolean;
  readonly start: { readonly after?: string | undefined; readonly last?: number | undefined };
  readonly presence: unknown;
  accepted(): void;
  deliver(message: Message): void;
  tell(gap: Gap): void;
  fail(error: FanwireError): void;
}

interface Channel {
  readonly name: string;
  readonly listeners: Set<Listener>;
  /** `on`: the carrier gives the channel from the position of the listener furthest behind. Only then messages are delivered. */
  state: 'off' | 'on';
}

/** What a subscribe frame asked for: its reply is read by it. */
interface Ask {
  readonly ref: number;
  readonly start: string;
}

/**
 * A carrier is whatever carries the subscriptions, as a number: a link of the client's connection, or in `tabs/` an
 * attachment to a leader. Both are counted from 1.
 */
export interface Channels {
  add(name: string, listener: Listener): void;
  remove(name: string, listener: Listener): void;
  /** A listener that was paused gets what it missed from its position on. */
  pause(name: string, listener: Listener, paused: boolean): void;
  /** The subscribe frames of all channels, for a request over HTTP. */
  request(carrier: number): Subscriptions;
  /** The frames that a duplex carrier has to send. */
  changes(carrier: number): string[];
  /** Whether the carrier's last request asked for what is wanted now. */
  isCurrent(carrier: number): boolean;
  /** A carrier takes over: no channel is on until its replies have come. */
  adopted(): void;
  ended(carrier: number): void;
  /** Takes a frame of the active carrier. Frames that concern no channel are ignored. */
  receive(frame: ServerFrame, carrier: number): void;
  /** Ends every listener. */
  fail(error: FanwireError): void;
}

const RETRY_MS = 2000;

/**
 * Keeps the listeners of each channel with their positions, and what each carrier was asked for.
 *
 * A channel is subscribed from the position of the listener furthest behind; the other listeners drop what they have had.
 * So a new listener that wants history rewinds the subscription, and no listener sees a message twice.
 *
 * @param changed called when a carrier has something to send
 */
export function createChannels(
  nextRef: () => number,
  changed: () => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): Channels {
  const channels = new Map<string, Channel>();
  /** What each carrier was asked last; undefined for a channel that has to be asked for anew. */
  const carriers = new Map<number, Map<Channel, Ask | undefined>>();
  /** Of the newest position. A position of another epoch is behind it. */
  let epoch = '';

  const live = (channel: Channel) => [...channel.listeners].filter((listener) => !listener.paused);
  /** The first of those, if anybody wants the channel. */
  const reader = (channel: Channel) => live(channel)[0];
  const wanted = () => [...channels.values()].filter(reader);
  const isBehind = ({ position: held }: Listener, position: Position) =>
    !held || (held.epoch === position.epoch ? held.sequence < position.sequence : position.epoch === epoch);

  const touch = (channel: Channel) => {
    const { name, listeners } = channel;
    channel.state = 'off';
    for (const asks of carriers.values()) if (asks.has(channel)) asks.set(channel, undefined);
    if (!listeners.size && channels.get(name) === channel) channels.delete(name);
    changed();
  };

  const ask = (channel: Channel, asks: Map<Channel, Ask | undefined>): string => {
    const readers = live(channel);
    const { start, position } = readers.reduce((furthest, each) =>
      furthest.position && isBehind(each, furthest.position) ? each : furthest,
    );
    const ref = nextRef();
    asks.set(channel, { ref, start: JSON.stringify(start) });
    const presence = readers.find((each) => each.presence !== undefined)?.presence;
    const from = position ? { after: formatPosition(position) } : start;
    // JSON leaves out members that are undefined.
    return JSON.stringify({ ref, subscribe: { channel: channel.name, ...from, presence } });
  };

  /** To a position to which a message or a gap leads. Only a gap may move a listener to another epoch. */
  const advance = (name: string, token = '', message?: Message, gap?: Gap) => {
    const channel = channels.get(name);
    const position = parsePosition(token);
    if (channel?.state !== 'on' || !position) return;
    epoch = position.epoch;
    for (const listener of channel.listeners) {
      // The listener has had it, because two links overlapped or another listener is further behind.
      if (listener.paused || !isBehind(listener, position)) continue;
      // The epoch changed and no gap told of it, so that the carrier has not gone on from this listener's position.
      if (!gap && listener.position?.epoch !== epoch) return touch(channel);
      // What another link or listener brought is not in it. While a channel is on, each of its listeners has a position.
      const from = formatPosition(listener.position!);
      listener.position = position;
      if (message) listener.deliver(message);
      if (gap) listener.tell({ ...gap, from });
    }
  };

  const accepted = (channel: Channel, { start }: Ask, { position }: SubscribeReply) => {
    const begin = parsePosition(position);
    if (!begin) return;
    const readers = live(channel);
    for (const listener of readers) {
      if (listener.position || JSON.stringify(listener.start) !== start) continue;
      listener.position = begin;
      epoch = begin.epoch;
    }
    channel.state = 'on';
    // Another link or listener had moved on, so that the subscription begins after what some listener still needs.
    if (readers.some((each) => isBehind(each, begin))) touch(channel);
    for (const listener of readers) if (listener.position) listener.accepted();
  };

  const failAll = (channel: Channel, error: FanwireError) => {
    const listeners = [...channel.listeners];
    channel.listeners.clear();
    touch(channel);
    for (const listener of listeners) listener.fail(error);
  };

  const refused = (channel: Channel, { code, detail, retryAfter = 0 }: Problem) => {
    if (!isTemporary(code)) return failAll(channel, new FanwireError(code, detail));
    // What is given on the others is nothing of this one.
    channel.state = 'off';
    runtime.setTimeout(() => touch(channel), retryAfter * 1000 + RETRY_MS * (0.5 + runtime.random()));
  };

  return {
    add(name, listener) {
      const channel = channels.get(name) ?? { name, listeners: new Set(), state: 'off' };
      channels.set(name, channel);
      const { last, after = 'now' } = listener.start;
      const shared = channel.state === 'on' && reader(channel)?.position;
      channel.listeners.add(listener);
      if (shared && !last && after === 'now' && listener.presence === undefined) {
        listener.position = shared;
        listener.accepted();
      } else touch(channel);
    },
    remove(name, listener) {
      const channel = channels.get(name);
      if (channel?.listeners.delete(listener) && !(reader(channel) && listener.presence === undefined))
        touch(channel);
    },
    pause(name, listener, paused) {
      listener.paused = paused;
      const channel = channels.get(name);
      if (channel?.listeners.has(listener) && !(paused && reader(channel))) touch(channel);
    },
    request(carrier) {
      const asks = new Map();
      carriers.set(carrier, asks);
      return {
        frames: wanted().map((channel) => ask(channel, asks)),
        positioned: wanted().every((channel) => live(channel).every(({ position }) => position)),
      };
    },
    changes(carrier) {
      const asks = carriers.get(carrier) ?? new Map();
      carriers.set(carrier, asks);
      const frames: string[] = [];
      for (const channel of asks.keys()) {
        if (reader(channel)) continue;
        asks.delete(channel);
        frames.push(JSON.stringify({ ref: nextRef(), unsubscribe: { channel: channel.name } }));
      }
      // For a channel that is subscribed already the hub starts anew.
      for (const channel of wanted()) if (!asks.get(channel)) frames.push(ask(channel, asks));
      return frames;
    },
    isCurrent(carrier) {
      const asks = [...(carriers.get(carrier)?.values() ?? [])];
      return asks.length === wanted().length && asks.every(Boolean);
    },
    adopted() {
      for (const channel of channels.values()) channel.state = 'off';
    },
    ended: (carrier) => carriers.delete(carrier),
    receive(frame, carrier) {
      if ('id' in frame) {
        const { encoding, ...message } = frame;
        if (encoding) message.data = fromBase64(message.data as string);
        advance(frame.channel, frame.id, message);
      } else if ('gap' in frame) {
        const { gap } = frame;
        advance(gap.channel, gap.to, undefined, gap);
      } else if ('heartbeat' in frame) {
        const { channel, position } = frame.heartbeat;
        for (const name of channel ? [channel] : channels.keys()) advance(name, position);
      } else if ('ref' in frame) {
        for (const [channel, ask] of carriers.get(carrier) ?? []) {
          if (ask?.ref !== frame.ref) continue;
          if ('error' in frame) refused(channel, frame.error);
          else accepted(channel, ask!, frame.ok as SubscribeReply);
        }
      }
    },
    fail(error) {
      for (const channel of channels.values()) failAll(channel, error);
    },
  };
}
