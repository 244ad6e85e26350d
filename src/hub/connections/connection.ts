import { FanwireError } from '../../protocol/errors.ts';
import { type Position, reaches } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { Access } from '../authorisation/access.ts';
import { forbidden } from '../authorisation/check-rights.ts';
import type { Refused } from '../authorisation/right.ts';
import type { Cursor, CursorPolicy } from '../delivery/cursor.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { Sink } from '../delivery/sink.ts';
import { HeldRights, type Reader } from './held-rights.ts';
import type { Pollers } from './pollers.ts';
import type { Due, SecondWheel } from './second-wheel.ts';

/** Who is at the other end, as far as the transport knows. */
export interface Peer {
  readonly transport: string;
  readonly address: string;
  readonly access: Access;
  /** The SDK's client id. */
  readonly client?: string;
  /** What the client says had failed before it came this way. */
  readonly why?: string;
  /** A client that polls: it asks anew after each answer, and has no connection in between. */
  readonly asksAgain?: true;
}

/** How a transport serves its connection: the sink for its messages, and what is to be done beside them. */
export interface Outlet {
  readonly sink: Sink;
  /**
   * A sign of life. `position`: everything up to here was given; undefined while something is still to come. Absent where the other end
   * waits for one answer alone: then nobody looks either whether that flows.
   */
  beat?(position: Position | undefined): void;
  /** Says goodbye in the transport's own way, with what is wrong if something is. */
  close(reason: FanwireError | undefined): void;
  /** Ends what is read of one channel, with what is wrong. Without it everything is ended. */
  withdraw?(channel: string, reason: FanwireError): void;
  /** Ends at once, without goodbye: the other end takes nothing. */
  abort(): void;
  /** Asks the client to go to another node within so many milliseconds, where it can be asked. */
  move?(withinMs: number): void;
}

export interface ConnectionHost {
  readonly fanOut: FanOut;
  readonly wheel: SecondWheel;
  readonly heartbeatMs: number;
  readonly stallMs: number;
  /** Undefined where no right can end before its token does. */
  readonly rights: object | undefined;
  /** What a client is told of an error. */
  refuse(error: unknown): FanwireError;
  readonly meter: { readonly pollers: Pollers };
  forget(connection: Connection): void;
}

type ConnectionState = { readonly kind: 'open'; readonly blockedMs: number } | { readonly kind: 'closed' };

const NEVER = Number.POSITIVE_INFINITY;
const FLOWING: ConnectionState = { kind: 'open', blockedMs: 0 };
const CLOSED: ConnectionState = { kind: 'closed' };

/** One client on one transport, from its request to its end: its cursors, heartbeats and expiry. */
export class Connection implements Due, Reader {
  readonly id: number;
  readonly since: number;
  planned: number | undefined;
  readonly peer: Peer;
  readonly #host: ConnectionHost;
  readonly #outlet: Outlet;
  #cursors: Cursor[] = [];
  readonly #held: HeldRights | undefined;
  #access: Access;
  #state: ConnectionState = FLOWING;

  constructor(host: ConnectionHost, id: number, peer: Peer, outlet: Outlet) {
    this.#host = host;
    this.since = host.wheel.runtime.now();
    this.id = id;
    this.peer = peer;
    this.#outlet = outlet;
    this.#access = peer.access;
    this.#held = host.rights && new HeldRights(this, host.wheel);
    this.#plan();
  }

  get access(): Access {
    return this.#access;
  }

  get channels(): string[] {
    return this.#cursors.flatMap((cursor) => [...cursor.feed.channels]);
  }

  get closed(): boolean {
    return this.#state.kind === 'closed';
  }

  get lagging(): boolean {
    return this.#cursors.some((cursor) => cursor.lagging);
  }

  get socketBytes(): number | undefined {
    return this.#outlet.sink.socketBytes;
  }

  /** Of the cursor that is furthest behind: they share one log. */
  get behind(): number | undefined {
    const known = this.#cursors.flatMap(({ behind }) => behind ?? []);
    const most = Math.max(0, ...known);
    return most > 0 || known.length === this.#cursors.length ? most : undefined;
  }

  /**
   * Subscribes to a set of channels as one cursor; nothing is read before `resume` of the cursor.
   * @param sink where the transport has one for each cursor; `drained` is to name it
   */
  open(
    channels: readonly string[],
    start: Start,
    sink: Sink = this.#outlet.sink,
    policy: CursorPolicy = 'catch-up',
  ): Cursor {
    const cursor = this.#host.fanOut.open(channels, sink, start, policy);
    // A push onto an empty array would make room for seventeen, and most connections have one.
    if (this.#cursors.length === 0) this.#cursors = [cursor];
    else this.#cursors.push(cursor);
    this.#held?.uphold(channels);
    return cursor;
  }

  drop(cursor: Cursor): void {
    const index = this.#cursors.indexOf(cursor);
    if (index !== -1) this.#cursors.splice(index, 1);
    cursor.end();
  }

  /**
   * A sink takes more again. One cursor after the other, so that one page is held at a time; the one that fills
   * the sink goes behind the rest, which a channel that never rests would else keep from their turn.
   */
  async drained(sink: Sink = this.#outlet.sink): Promise<void> {
    if (this.#state.kind === 'open') this.#state = FLOWING;
    for (const cursor of [...this.#cursors]) {
      if (!sink.writable) return;
      if (cursor.sink !== sink || !cursor.lagging) continue;
      await cursor.resume();
      if (!sink.writable) this.#putLast(cursor);
    }
  }

  /** Replaces what the client may do. What it may no longer read has been dropped. */
  renew(access: Access): void {
    this.#access = access;
    this.#held?.uphold(this.channels);
    this.#plan();
  }

  /** Asks again for the rights to channels that are concerned. */
  recheck(concerns: (channel: string) => boolean): void {
    this.#held?.uphold(this.channels.filter(concerns));
  }

  withdraw(channel: string, right: Refused): void {
    if (this.#state.kind === 'closed') return;
    const reason = this.#host.refuse(forbidden(this.#access, 'read', channel, right));
    if (this.#outlet.withdraw) this.#outlet.withdraw(channel, reason);
    else this.close(reason);
  }

  /** Everything up to here was given on every channel; undefined while something is still to come. */
  get position(): Position | undefined {
    this.#host.fanOut.flush();
    if (!this.#outlet.sink.writable || this.#cursors.length === 0) return undefined;
    const tip = this.#host.fanOut.tip();
    let least: Position | undefined;
    for (const cursor of this.#cursors) {
      if (!cursor.live) return undefined;
      // What it read when it joined may be further than this node's feed, late by a network, has come.
      const joined = cursor.position!;
      const reached: Position = tip && reaches(tip, joined) ? tip : joined;
      if (least && least.epoch !== reached.epoch) return undefined;
      if (!least || reached.sequence < least.sequence) least = reached;
    }
    return least;
  }

  due(): void {
    if (this.#state.kind === 'closed') return;
    const { expiresAt } = this.#access;
    if (expiresAt !== undefined && expiresAt <= this.#host.wheel.runtime.now()) {
      this.close(new FanwireError('unauthenticated', 'the token has expired: connect again with a new one'));
      return;
    }
    if (!this.#outlet.beat) {
      this.#plan();
      return;
    }
    if (this.#outlet.sink.writable) this.#outlet.beat(this.position);
    if (this.#isFlowing()) this.#state = FLOWING;
    else {
      const blockedMs = this.#state.blockedMs + this.#host.heartbeatMs;
      this.#state = { kind: 'open', blockedMs };
      if (blockedMs >= this.#host.stallMs) {
        this.gone();
        this.#outlet.abort();
        return;
      }
    }
    this.#plan();
  }

  move(withinMs: number): void {
    if (this.#outlet.sink.writable) this.#outlet.move?.(withinMs);
  }

  /** Ends it from this side. */
  close(reason: FanwireError | undefined): void {
    if (this.#state.kind === 'closed') return;
    this.gone();
    this.#outlet.close(reason);
  }

  /** The transport has ended: everything the hub holds for it is let go at once. */
  gone(): void {
    if (this.#state.kind === 'closed') return;
    this.#state = CLOSED;
    this.#host.wheel.cancel(this);
    this.#held?.end();
    // While it still tells what it reads.
    this.#host.meter.pollers.left(this);
    for (const cursor of this.#cursors.splice(0)) cursor.end();
    this.#host.forget(this);
  }

  #isFlowing(): boolean {
    return this.#outlet.sink.writable && this.#cursors.every(({ sink }) => sink.writable);
  }

  #putLast(cursor: Cursor): void {
    const index = this.#cursors.indexOf(cursor);
    if (index !== -1) this.#cursors.push(...this.#cursors.splice(index, 1));
  }

  #plan(): void {
    const { wheel, heartbeatMs } = this.#host;
    const { expiresAt } = this.#access;
    const beatIn = this.#outlet.beat ? heartbeatMs : NEVER;
    const expiresIn = expiresAt === undefined ? NEVER : Math.max(0, expiresAt - wheel.runtime.now());
    const dueIn = Math.min(beatIn, expiresIn);
    if (dueIn === NEVER) wheel.cancel(this);
    else wheel.plan(this, dueIn / 1000);
  }
}
