import type { Connection, Peer } from './connection.ts';

/** For so long after somebody asked for the connections, requests of clients that poll are noted. */
const WATCHED_MS = 60_000;
/** A client that has not asked for so long passes for gone. */
const GONE_MS = 60_000;
const MAX_POLLERS = 10_000;

/** A client that asks again and again, and has no connection in between. */
export interface Poller {
  readonly id: number;
  readonly peer: Peer;
  readonly channels: readonly string[];
  /** Of its first request that was noted; in Unix milliseconds, as below. */
  readonly since: number;
  readonly lastAt: number;
  readonly count: number;
}

/**
 * Clients that poll, for an operator to see. Their requests are over in a moment, so that they are noted as they end, and only
 * while somebody looks: otherwise a poll costs one comparison.
 */
export class Pollers {
  readonly #now: () => number;
  /** Whoever asked longest ago comes first. */
  readonly #pollers = new Map<string, Poller>();
  #watchedUntil = 0;
  /** Negative, so that it is no connection's. */
  #lastId = -1;

  /** @param now gives Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request on channels' URL, answered at once. */
  polled(peer: Peer, channels: readonly string[]): void {
    const now = this.#now();
    if (now > this.#watchedUntil) return;
    const key = keyOf(peer, channels);
    const { id, since, count } = this.#pollers.get(key) ?? { id: this.#lastId--, since: now, count: 0 };
    this.#pollers.delete(key);
    this.#pollers.set(key, { id, peer, channels, since, lastAt: now, count: count + 1 });
    if (this.#pollers.size > MAX_POLLERS) this.#pollers.delete(this.#pollers.keys().next().value!);
  }

  /** A connection is about to end: it was a request of a client that asks again, or of one that had moved to something better. */
  left(connection: Connection): void {
    const { peer } = connection;
    if (!peer.asksAgain) {
      if (peer.client !== undefined && this.#pollers.size > 0) this.#pollers.delete(peer.client);
    } else if (this.#now() <= this.#watchedUntil) this.polled(peer, connection.channels);
  }

  /** Those that have no connection now, and how often each of `open` has asked. Keeps the notes going for a while. */
  look(open: Iterable<Connection>): {
    readonly away: readonly Poller[];
    of(connection: Connection): Poller | undefined;
  } {
    const now = this.#now();
    this.#watchedUntil = now + WATCHED_MS;
    for (const [key, { lastAt }] of this.#pollers) {
      if (now - lastAt <= GONE_MS) break;
      this.#pollers.delete(key);
    }
    const here = new Set<string>();
    const known = new Map<Connection, Poller | undefined>();
    for (const connection of open) {
      const { peer } = connection;
      // A client that has moved to a transport that stays open is not away either.
      if (!peer.asksAgain && peer.client === undefined) continue;
      const key = keyOf(peer, connection.channels);
      here.add(key);
      if (peer.asksAgain) known.set(connection, this.#pollers.get(key));
    }
    return {
      away: [...this.#pollers].filter(([key]) => !here.has(key)).map(([, poller]) => poller),
      of: (connection) => known.get(connection),
    };
  }
}

/** Without the SDK a client is told apart by where it comes from, and by what it asks for. */
function keyOf({ client, address, access }: Peer, channels: readonly string[]): string {
  return client ?? `${address} ${access.subject ?? ''} ${channels.join()}`;
}
