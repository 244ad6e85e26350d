import { FanwireError, type Problem } from '../protocol/errors.ts';
import type { ServerFrame, SubscribeReply } from '../protocol/frames.ts';
import type { Gap } from '../protocol/gap.ts';
import type { Message } from '../protocol/message.ts';
import { formatPosition, type Position, parsePosition } from '../protocol/position.ts';
import { fromBase64 } from './base64.ts';
import { isTemporary } from './failure.ts';
import type { Subscriptions } from './transports/transport.ts';

/** One of those who read a channel. Each has its own position, so that they can share one subscription. */
export interface Listener {
  /** Everything up to here was delivered. Undefined until the hub has said where it begins. */
  position: Position | undefined;
  /** Wants nothing for now: it holds as much as it may. */
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
  /** `on`: the link carries it from where every listener is, or before; only then anything is delivered. */
  state: 'off' | 'on';
}

/** What a subscribe frame asked for, to understand the answer by. */
interface Ask {
  readonly ref: number;
  readonly start: string;
}

export interface Channels {
  add(name: string, listener: Listener): void;
  remove(name: string, listener: Listener): void;
  /** Whether it wants nothing for now. Afterwards it is brought up from its place. */
  pause(name: string, listener: Listener, paused: boolean): void;
  /** All subscriptions, as a request over HTTP carries them. */
  request(linkId: number): Subscriptions;
  /** What a duplex link has to be told. */
  changes(linkId: number): string[];
  /** Whether the link's last request asked for what is wanted now. */
  isCurrent(linkId: number): boolean;
  /** A link takes over: nothing is on until it says so. */
  adopted(): void;
  ended(linkId: number): void;
  /** Of the link that carries everything. What is not of a channel is left alone. */
  receive(frame: ServerFrame, linkId: number): void;
  /** Ends all. */
  fail(error: FanwireError): void;
}

const RETRY_MS = 2000;

/**
 * The bookkeeping of who reads what from where.
 *
 * A channel is subscribed from where the listener furthest behind is; the others drop what they have had.
 * So a new listener that wants history rewinds the subscription, and nobody sees anything twice.
 *
 * @param changed called when the link needs to be told
 */
export function createChannels(nextRef: () => number, changed: () => void): Channels {
  const channels = new Map<string, Channel>();
  /** What each link was asked last; undefined for a channel of which something else is wanted by now. */
  const links = new Map<number, Map<Channel, Ask | undefined>>();
  /** Of the newest position: those of another epoch are behind it. */
  let epoch = '';

  const live = (channel: Channel) => [...channel.listeners].filter((listener) => !listener.paused);
  const isWanted = (channel: Channel) => live(channel).length > 0;
  const wanted = () => [...channels.values()].filter(isWanted);
  const isBehind = ({ position: held }: Listener, position: Position) =>
    !held || (held.epoch === position.epoch ? held.sequence < position.sequence : position.epoch === epoch);

  const touch = (channel: Channel) => {
    const { name, listeners } = channel;
    channel.state = 'off';
    for (const asks of links.values()) if (asks.has(channel)) asks.set(channel, undefined);
    if (listeners.size === 0 && channels.get(name) === channel) channels.delete(name);
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
    // What is undefined is left out of JSON.
    return JSON.stringify({ ref, subscribe: { channel: channel.name, ...from, presence } });
  };

  /** @param across into another life of the log as well */
  const advance = (name: string, token = '', tell?: (listener: Listener) => void, across?: boolean) => {
    const channel = channels.get(name);
    const position = parsePosition(token);
    if (channel?.state !== 'on' || !position) return;
    epoch = position.epoch;
    for (const listener of channel.listeners) {
      // Held already: two links overlapped, or another listener is further behind.
      if (listener.paused || !isBehind(listener, position)) continue;
      // No gap has told what became of its place: the link does not carry it from there.
      if (!across && listener.position?.epoch !== epoch) return touch(channel);
      listener.position = position;
      tell?.(listener);
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
    // It begins after what somebody still needs: another link or listener had moved on.
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
    setTimeout(touch, retryAfter * 1000 + RETRY_MS * (0.5 + Math.random()), channel);
  };

  return {
    add(name, listener) {
      const channel = channels.get(name) ?? { name, listeners: new Set(), state: 'off' };
      channels.set(name, channel);
      const { last, after = 'now' } = listener.start;
      const shared = channel.state === 'on' && live(channel)[0]?.position;
      channel.listeners.add(listener);
      if (shared && !last && after === 'now' && listener.presence === undefined) {
        listener.position = shared;
        listener.accepted();
      } else touch(channel);
    },
    remove(name, listener) {
      const channel = channels.get(name);
      if (!channel?.listeners.delete(listener)) return;
      if (!isWanted(channel) || listener.presence !== undefined) touch(channel);
    },
    pause(name, listener, paused) {
      listener.paused = paused;
      const channel = channels.get(name);
      if (channel?.listeners.has(listener) && !(paused && isWanted(channel))) touch(channel);
    },
    request(linkId) {
      const asks = new Map();
      links.set(linkId, asks);
      const positioned = wanted().every((channel) => live(channel).every(({ position }) => position));
      return { frames: wanted().map((channel) => ask(channel, asks)), positioned };
    },
    changes(linkId) {
      const asks = links.get(linkId) ?? new Map();
      links.set(linkId, asks);
      const frames: string[] = [];
      for (const channel of asks.keys()) {
        if (isWanted(channel)) continue;
        asks.delete(channel);
        frames.push(JSON.stringify({ ref: nextRef(), unsubscribe: { channel: channel.name } }));
      }
      // A channel that is subscribed already begins anew.
      for (const channel of wanted()) if (!asks.get(channel)) frames.push(ask(channel, asks));
      return frames;
    },
    isCurrent(linkId) {
      const asks = [...(links.get(linkId)?.values() ?? [])];
      return asks.length === wanted().length && asks.every(Boolean);
    },
    adopted() {
      for (const channel of channels.values()) channel.state = 'off';
    },
    ended: (linkId) => links.delete(linkId),
    receive(frame, linkId) {
      if ('id' in frame) {
        const { encoding, ...message } = frame;
        if (encoding) message.data = fromBase64(message.data as string);
        advance(frame.channel, frame.id, (listener) => listener.deliver(message));
      } else if ('gap' in frame) {
        const { gap } = frame;
        advance(gap.channel, gap.to, (listener) => listener.tell(gap), true);
      } else if ('heartbeat' in frame) {
        for (const name of channels.keys()) advance(name, frame.heartbeat.position);
      } else if ('ref' in frame) {
        for (const [channel, ask] of links.get(linkId) ?? []) {
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
