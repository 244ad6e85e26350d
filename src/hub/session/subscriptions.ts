import { FanwireError } from '../../protocol/errors.ts';
import type { ServerFrame, SubscribeFrame } from '../../protocol/frames.ts';
import { formatPosition, type Position } from '../../protocol/position.ts';
import { FROM_NOW } from '../../protocol/start.ts';
import { readStart } from '../../protocol/start-reader.ts';
import type { Access } from '../authorisation/access.ts';
import { checkRead } from '../authorisation/check-rights.ts';
import type { Connection } from '../connections/connection.ts';
import type { Cursor } from '../delivery/cursor.ts';
import type { Hub } from '../hub.ts';
import { checkedPresence } from '../presence/presence-rule.ts';
import { waitForTurn } from '../publishing/publish-pace.ts';
import type { SessionPeer } from './publisher.ts';
import type { ChannelSink, FrameSink, SessionOutlet } from './session.ts';

interface Subscription {
  /** Of the frame that asked for it. */
  readonly ref: number;
  readonly cursor: Cursor;
  readonly present: Present | undefined;
  /** Where the transport has a sink for each channel. */
  readonly sink: ChannelSink | undefined;
}

/** As whom the client is present, and with which data. */
interface Present {
  readonly subject: string | undefined;
  readonly data: unknown;
}

/** How the sink of a channel ends: with what was written, or at once. */
type Ending = 'end' | 'abort';

/** The join is announced, and so will the leave be. */
const TOLD_BY_A_STAY = 2;

/** What a session's client reads, and where it is present. */
export class Subscriptions {
  readonly #hub: Hub;
  readonly #peer: SessionPeer;
  readonly #connection: Connection;
  readonly #outlet: SessionOutlet;
  readonly #byChannel = new Map<string, Subscription>();
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(hub: Hub, peer: SessionPeer, connection: Connection, outlet: SessionOutlet) {
    this.#hub = hub;
    this.#peer = peer;
    this.#connection = connection;
    this.#outlet = outlet;
  }

  /** Resolves when every subscription so far is live or waits for its sink. */
  settled(): Promise<void> {
    return this.#catchingUp;
  }

  /** Its answer goes before the first message, the same way. @throws FanwireError as the hub refuses it */
  async subscribe({ ref, subscribe }: SubscribeFrame): Promise<undefined> {
    const { channel, presence } = subscribe;
    const asked = checkRead(this.#connection.access, [channel]);
    if (asked) await asked;
    const replaced = this.#byChannel.get(channel);
    const maxChannels = this.#hub.limits.channelsPerConnection;
    if (!replaced && this.#byChannel.size >= maxChannels) {
      throw new FanwireError(
        'too_many_channels',
        `a connection takes ${maxChannels} channels (channelsPerConnection)`,
      );
    }
    const start = readStart(subscribe.after, subscribe.last) ?? FROM_NOW;
    let data: unknown;
    if (presence !== undefined) {
      await waitForTurn(this.#peer, TOLD_BY_A_STAY, 0, this.#hub.runtime);
      data = await checkedPresence(this.#hub.rule(channel), channel, presence);
    }
    const position = await this.#hub.beginning([channel], start);
    // The session's end has been handled already: nobody would let go of a cursor, or of presence, taken now.
    if (this.#connection.closed) return;
    const present = presence === undefined ? undefined : this.#join(channel, data);
    // After joining anew, so that a member who subscribes again neither leaves nor joins.
    if (replaced) this.#release(channel, replaced, 'abort');
    const sink = this.#outlet.openChannel?.(() => this.#stopped(channel, sink));
    const from = start.kind === 'now' ? ({ kind: 'after', position } as const) : start;
    const cursor = this.#connection.open([channel], from, sink);
    // By its feed's name: that of the frame is one more text for each subscription.
    this.#byChannel.set(cursor.feed.channels[0]!, { ref, cursor, present, sink });
    send(sink ?? this.#outlet.sink, { ref, ok: { position: formatPosition(position) } });
    this.#catchingUp = this.#catchingUp.then(() => cursor.resume());
  }

  unsubscribe(channel: string): void {
    // Its client wants nothing of what is on its way, and may not take it either.
    this.#drop(channel, 'abort');
  }

  #drop(channel: string, ending: Ending): void {
    const subscription = this.#byChannel.get(channel);
    if (!subscription) return;
    this.#byChannel.delete(channel);
    this.#release(channel, subscription, ending);
  }

  /** Its client has given up the stream of a channel: it goes on with the others. */
  #stopped(channel: string, sink: ChannelSink | undefined): void {
    if (this.#byChannel.get(channel)?.sink === sink) this.unsubscribe(channel);
  }

  /** What the client may no longer read, it no longer gets, and is no longer present on; where it stays present, as whom the token says. */
  async renew(access: Access): Promise<void> {
    const channels = [...this.#byChannel.keys()];
    const rights = await Promise.all(channels.map((channel) => access.right('read', channel)));
    for (const [index, channel] of channels.entries()) {
      const right = rights[index]!;
      if (right.granted) continue;
      const error = new FanwireError('forbidden', `the new token does not cover ${channel}`);
      this.withdraw(channel, this.#hub.refuse(right.error ?? error));
    }
    if (this.#connection.closed) return;
    this.#connection.renew(access);
    for (const [channel, subscription] of this.#byChannel) {
      const { present } = subscription;
      if (!present || present.subject === access.subject) continue;
      this.#leave(channel, present, true);
      this.#byChannel.set(channel, { ...subscription, present: this.#join(channel, present.data) });
    }
  }

  /** Ends the subscription of a channel, if there is one. */
  withdraw(channel: string, reason: FanwireError): void {
    const subscription = this.#byChannel.get(channel);
    if (!subscription) return;
    const { ref, sink } = subscription;
    // The same way as the messages: behind the last of them, and before the end of a channel's own stream.
    send(sink ?? this.#outlet.sink, { ref, error: reason.toJSON() });
    this.#drop(channel, 'end');
    this.#outlet.withdrawn?.();
  }

  /** Says for each channel, where its messages go, that everything up to here was given. */
  beat(position: Position): void {
    for (const [channel, { sink = this.#outlet.sink }] of this.#byChannel) {
      if (sink.writable) send(sink, { heartbeat: { position: formatPosition(position), channel } });
    }
  }

  end(atOnce: boolean): void {
    for (const [channel, { present }] of this.#byChannel) {
      if (present) this.#leave(channel, present, atOnce);
    }
    this.#byChannel.clear();
  }

  #release(channel: string, { cursor, present, sink }: Subscription, ending: Ending): void {
    this.#connection.drop(cursor);
    sink?.[ending]();
    if (present) this.#leave(channel, present, true);
  }

  #join(channel: string, data: unknown): Present {
    const { access } = this.#connection;
    this.#hub.join(channel, this.#peer.client, access, data);
    return { subject: access.subject, data };
  }

  #leave(channel: string, { subject }: Present, atOnce: boolean): void {
    this.#hub.presence.release(channel, this.#peer.client, subject, atOnce);
  }
}

function send(sink: FrameSink, frame: ServerFrame): void {
  sink.frame(JSON.stringify(frame));
}
