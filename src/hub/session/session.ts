import { isChannelName } from '../../protocol/channel-name.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame, OkFrame, RequestFrame, ServerFrame } from '../../protocol/frames.ts';
import { formatPosition } from '../../protocol/position.ts';
import type { Access } from '../authorisation/access.ts';
import { checkRead } from '../authorisation/check-rights.ts';
import type { Connection, Outlet } from '../connections/connection.ts';
import type { Sink } from '../delivery/sink.ts';
import type { Hub } from '../hub.ts';
import type { ClientStay } from '../presence/clients.ts';
import { membersPage } from '../presence/members-page.ts';
import { PublicId } from '../presence/public-id.ts';
import { checkMembers, type FrameWithRef, isUnread, type UnreadFrame } from './frame-reader.ts';
import { Publisher, type SessionPeer } from './publisher.ts';
import { Subscriptions } from './subscriptions.ts';

/** What a session writes to: a sink that carries frames besides messages. */
export interface FrameSink extends Sink {
  /** Whether it takes nothing more for now. One that is closing is not writable, and need not be full. */
  readonly full: boolean;
  /** Whether a full one takes more later. One answer for all frames does not: what has no room in it is refused. */
  readonly drains: boolean;
  /** Sends a frame's JSON, however full the sink is; nothing once it has ended. */
  frame(json: string): void;
}

/** A sink for the messages of one subscription. */
export interface ChannelSink extends FrameSink {
  /** Nothing follows. */
  end(): void;
  /** Nothing follows, and what is on its way is let go. */
  abort(): void;
}

/** How a transport serves a session. */
export interface SessionOutlet extends Omit<Outlet, 'beat' | 'withdraw'> {
  readonly sink: FrameSink;
  /**
   * A sink of its own for a subscription's messages, so that none holds up another's; what stands on one sink says nothing of
   * the others. Undefined where there is no room for one more: then its messages go the way of all frames.
   * @param stopped called when the client wants no more of it
   */
  openChannel?(stopped: () => void): ChannelSink | undefined;
  /** Besides the heartbeat's frame: a ping of the transport's own, say. */
  beat?(): void;
  /** A subscription has ended that the client did not end, which it has been told. */
  withdrawn?(): void;
  /** The client has said goodbye; without it, the same as `close`. */
  bye?(): void;
}

/**
 * One SDK client's frames and their answers, the same on every transport. Frames are handled one after
 * another, as they came: that keeps a client's publishes in order.
 */
export class Session {
  readonly connection: Connection;
  readonly #hub: Hub;
  readonly #peer: SessionPeer;
  readonly #outlet: SessionOutlet;
  readonly #subscriptions: Subscriptions;
  #tail: Promise<void> = Promise.resolve();
  readonly #requests = new Set<Promise<void>>();
  #requestAnswered = (): void => {};
  #roomMade = (): void => {};
  #refusals = 0;
  readonly #publicId: PublicId;
  /** Its part in its client's being connected, where the program hears of that. */
  #stay: ClientStay | undefined;
  readonly #publisher: Publisher;

  constructor(hub: Hub, peer: SessionPeer, outlet: SessionOutlet) {
    this.#hub = hub;
    this.#peer = peer;
    this.#publicId = new PublicId(peer.client);
    this.#publisher = new Publisher(hub, peer, this.#publicId);
    this.#outlet = outlet;
    this.connection = hub.connect(peer, {
      sink: outlet.sink,
      beat: (position) => {
        outlet.beat?.();
        // What was said on one sink may be read before what was written to another.
        if (outlet.openChannel && position) this.#subscriptions.beat(position);
        const told = outlet.openChannel ? undefined : position;
        this.send({ heartbeat: told ? { position: formatPosition(told) } : {} });
      },
      close: (reason) => {
        if (reason && this.#outlet.sink.writable) this.send({ error: reason.toJSON() });
        outlet.close(reason);
      },
      withdraw: (channel, reason) => this.#subscriptions.withdraw(channel, reason),
      abort: () => outlet.abort(),
      move: (withinMs) => this.send({ move: { withinMs } }),
    });
    this.#subscriptions = new Subscriptions(hub, peer, this.connection, outlet);
    this.#stay = this.#beginStay(peer.access);
    const { expiresAt } = peer.access;
    this.send({
      welcome: {
        node: hub.node,
        heartbeatMs: hub.heartbeatMs,
        from: this.#from,
        ...(hub.webtransport && { webtransport: hub.webtransport }),
        ...(expiresAt === undefined ? {} : { expiresInMs: Math.max(0, expiresAt - hub.runtime.now()) }),
      },
    });
  }

  /** What others know its client by. */
  get #from(): string {
    return this.#publicId.of(this.connection.access.subject);
  }

  /** Frames that were answered by an error. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Resolves when every frame so far has its answer, and every subscription is live or waits for the sink. */
  async settled(): Promise<void> {
    await this.#tail;
    await this.#subscriptions.settled();
    await Promise.all(this.#requests);
  }

  send(frame: ServerFrame): void {
    this.#outlet.sink.frame(JSON.stringify(frame));
  }

  /** Resolves when the frame has been handled, whatever came of it. */
  receive(frame: ClientFrame | UnreadFrame): Promise<void> {
    if (this.#hub.rights) this.#foresee(frame);
    this.#tail = this.#tail.then(() => this.#handle(frame));
    return this.#tail;
  }

  /**
   * Has the functions of rules asked before it is a frame's turn, which nothing but time depends on: a page that subscribes to fifty
   * channels waits for one answer, not for fifty.
   */
  foresee(frames: readonly (ClientFrame | UnreadFrame)[]): void {
    if (!this.#hub.rights) return;
    for (const frame of frames.slice(0, this.#hub.limits.framesInFlight)) this.#foresee(frame);
  }

  #foresee(frame: ClientFrame | UnreadFrame): void {
    if (isUnread(frame)) return;
    const [kind, asked] =
      'publish' in frame
        ? (['publish', frame.publish] as const)
        : (['read', 'subscribe' in frame ? frame.subscribe : Object(frame).presence] as const);
    // What the frame has in it is checked in its turn.
    const channel: unknown = Object(asked).channel;
    if (typeof channel === 'string' && isChannelName(channel))
      void this.connection.access.right(kind, channel);
  }

  /** A sink takes more again: the session's own, or that of a channel. */
  drained(sink?: Sink): void {
    if (sink === undefined) this.#roomMade();
    void this.connection.drained(sink);
  }

  /** The transport has ended. */
  gone(): void {
    this.#end(false);
  }

  #end(atOnce: boolean): void {
    this.#subscriptions.end(atOnce);
    this.#stay?.end(atOnce);
    this.connection.gone();
    this.#roomMade();
  }

  async #handle(frame: ClientFrame | UnreadFrame): Promise<void> {
    // An answer is the most that the hub holds for a client beyond its socket's buffer.
    while (this.#outlet.sink.full && this.#outlet.sink.drains && !this.connection.closed) await this.#room();
    if (this.connection.closed) return;
    if (isUnread(frame)) this.#refuse(frame.ref, frame.fault);
    else if ('ping' in frame) this.send({ pong: frame.ping });
    else if ('bye' in frame) {
      this.#end(true);
      this.#hub.presence.goodbye(this.#peer.client, this.connection.access.subject);
      if (this.#outlet.bye) this.#outlet.bye();
      else this.#outlet.close(undefined);
    } else if ('hello' in frame) {
      this.connection.close(new FanwireError('invalid_frame', 'hello: only the first frame may be one'));
    } else if ('request' in frame) await this.#answerAside(frame);
    else await this.#answer(frame, () => this.#perform(frame));
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomMade = resolve;
    });
  }

  /** A handler may take its time: the frames behind it wait only while as many are at work as may be in flight. */
  async #answerAside(frame: RequestFrame): Promise<void> {
    const answered = this.#answer(frame, () => this.#request(frame)).finally(() => {
      this.#requests.delete(answered);
      this.#requestAnswered();
    });
    this.#requests.add(answered);
    if (this.#requests.size < this.#hub.limits.framesInFlight) return;
    await new Promise<void>((resolve) => {
      this.#requestAnswered = resolve;
    });
  }

  async #answer(frame: FrameWithRef, perform: () => Promise<OkFrame['ok'] | undefined>): Promise<void> {
    const { ref } = frame;
    try {
      checkMembers(frame);
      this.#assertRoom(frame);
      const ok = await perform();
      if (ok) this.send({ ref, ok });
    } catch (error) {
      this.#refuse(ref, error);
    }
  }

  /** What the hub is to tell may be as long as it likes: it has to fit into an answer that goes out whole. */
  #assertRoom(frame: FrameWithRef): void {
    const { sink } = this.#outlet;
    if (sink.drains || !sink.full || !('presence' in frame || 'request' in frame)) return;
    throw new FanwireError('answer_full', 'the answers of the frames before it fill this response');
  }

  #refuse(ref: number, error: unknown): void {
    this.#refusals += 1;
    this.send({ ref, error: this.#hub.refuse(error).toJSON() });
  }

  async #perform(frame: Exclude<FrameWithRef, RequestFrame>): Promise<OkFrame['ok'] | undefined> {
    if ('publish' in frame) return this.#publisher.publish(this.connection.access, frame);
    if ('subscribe' in frame) return this.#subscriptions.subscribe(frame);
    if ('unsubscribe' in frame) {
      this.#subscriptions.unsubscribe(frame.unsubscribe.channel);
      return {};
    }
    if ('presence' in frame) {
      const asked = checkRead(this.connection.access, [frame.presence.channel]);
      if (asked) await asked;
      const { channel, limit, after } = frame.presence;
      return membersPage(this.#hub, channel, limit, after);
    }
    const credentials = { ...this.#peer.credentials, token: frame.token };
    await this.#renew(await this.#hub.authorise(credentials));
    return { from: this.#from };
  }

  async #renew(access: Access): Promise<void> {
    const before = this.connection.access;
    await this.#subscriptions.renew(access);
    // Somebody else has come to the same client.
    if (this.connection.closed || access.subject === before.subject) return;
    this.#stay?.end(true);
    this.#stay = this.#beginStay(access);
  }

  #beginStay({ subject }: Access): ClientStay | undefined {
    const { client, address } = this.#peer;
    return this.#hub.clients?.begin(client, subject, address);
  }

  async #request({ request }: RequestFrame): Promise<OkFrame['ok']> {
    const { client, credentials } = this.#peer;
    const { access } = this.connection;
    const data = await this.#hub.request(request.method, request.data, {
      client,
      from: this.#from,
      subject: access.subject,
      access,
      address: credentials.address,
      headers: credentials.headers,
    });
    return { data };
  }
}
