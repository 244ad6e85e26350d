import type { Connection, Outlet } from '../../hub/connections/connection.ts';
import type { Cursor } from '../../hub/delivery/cursor.ts';
import type { Sink } from '../../hub/delivery/sink.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { Position } from '../../protocol/position.ts';
import { FROM_NOW } from '../../protocol/start.ts';
import type { StreamOwner } from '../byte-stream.ts';
import type { ChannelRead, Exchange, Head } from '../exchange.ts';
import { gzippedPage } from '../gzipped.ts';
import { answerFormat, answerOf, type JsonAnswer } from '../json-answer.ts';

/** Answers at once if there is something, else the moment there is, else empty at the limit. */
export async function serveLongPoll(exchange: Exchange, read: ChannelRead): Promise<void> {
  const { hub } = exchange;
  const { channels, waitSeconds, start = FROM_NOW } = read;
  const feed = hub.fanOut.followed(channels);
  const interruptions = feed?.interruptions;
  const page = await hub.read(channels, start, read.limit);
  // A HEAD has nothing to wait for.
  if (page.items.length > 0 || exchange.method === 'HEAD') {
    const answer = answerOf(page);
    const head = headOf(answer, exchange.headers, waitSeconds);
    const encoded = await gzippedPage(exchange, channels, answer.body, head.ETag);
    if (!exchange.abandoned) exchange.send(200, { ...head, ...encoded.head }, encoded.body);
    return;
  }
  if (exchange.abandoned) return;
  const cursor = new ParkedPoll(exchange, waitSeconds, page.position).open(channels);
  if (cursor.feed === feed && cursor.joinAt(page.position, interruptions!)) return;
  await cursor.resume();
}

// Fields, not closures over the exchange: ten thousand parked requests feel every one.
class ParkedPoll implements Outlet, Sink, Pick<StreamOwner, 'ended'> {
  readonly #exchange: Exchange;
  readonly #waitSeconds: number;
  /** Where it waits: with no more than this it is answered at the limit. */
  readonly #position: Position;
  readonly #connection: Connection;
  readonly #limit: NodeJS.Timeout;

  constructor(exchange: Exchange, waitSeconds: number, position: Position) {
    const { hub, caller } = exchange;
    this.#exchange = exchange;
    this.#waitSeconds = waitSeconds;
    this.#position = position;
    const { address, access } = caller;
    const peer = { transport: 'long-polling', address, access, asksAgain: true } as const;
    this.#connection = hub.connect(peer, this);
    this.#limit = setTimeout(limitReached, waitSeconds * 1000, this);
    exchange.whenEnded(this);
  }

  /** A cursor from where the page ended on. */
  open(channels: readonly string[]): Cursor {
    return this.#connection.open(channels, { kind: 'after', position: this.#position });
  }

  get sink(): Sink {
    return this;
  }

  get format(): Sink['format'] {
    return answerFormat;
  }

  get writable(): boolean {
    return !this.#exchange.answered;
  }

  write(chunk: unknown): void {
    const answer = chunk as JsonAnswer;
    this.ended();
    const { hub, answered, abandoned } = this.#exchange;
    if (answered || abandoned) return;
    hub.meter.bytes += answer.body.length;
    send(this.#exchange, answer, this.#waitSeconds);
  }

  close(reason?: FanwireError): void {
    const { answered, abandoned } = this.#exchange;
    if (!reason || answered || abandoned) {
      this.write(answerOf({ items: [], position: this.#position, more: false }));
      return;
    }
    this.ended();
    this.#exchange.sendProblem(reason);
  }

  abort(): void {
    this.#exchange.abort();
  }

  ended(): void {
    clearTimeout(this.#limit);
    this.#connection.gone();
  }
}

// Shared by all polls: what a parked one keeps is copied at every collection of young garbage.
function limitReached(poll: ParkedPoll): void {
  poll.close();
}

function send(exchange: Exchange, answer: JsonAnswer, waitSeconds: number): void {
  exchange.send(200, headOf(answer, exchange.headers, waitSeconds), answer.body);
}

/** The last one made: those who were parked together get the same. */
let made: { answer: JsonAnswer; given: Head; waitSeconds: number; head: AnswerHead } | undefined;

type AnswerHead = Head & { readonly ETag: string };

function headOf(answer: JsonAnswer, given: Head, waitSeconds: number): AnswerHead {
  if (made?.answer === answer && made.given === given && made.waitSeconds === waitSeconds) return made.head;
  const head = {
    ...given,
    'Content-Type': 'application/json',
    'Content-Length': answer.body.length,
    // An answer parked for one client is of no use to another.
    'Cache-Control': 'no-store',
    'Preference-Applied': `wait=${waitSeconds}`,
    'Fanwire-Position': answer.position,
    ETag: `"${answer.position}"`,
  };
  made = { answer, given, waitSeconds, head };
  return head;
}
