import { type FrameSink, Session } from '../hub/session/session.ts';
import { formatPosition } from '../protocol/position.ts';
import type { TransportName } from '../protocol/transport-name.ts';
import type { Exchange, SessionRequest } from './exchange.ts';
import { framesFormat, sendJson } from './json-answer.ts';
import { receiveFrames } from './receive-frames.ts';

/** Beyond so much text an answer takes no more messages; the client asks again at once. */
const ANSWER_LENGTH = 256 * 1024;

/**
 *  gathering ──park──► parked ──message, refusal, limit──┐
 *      └───────────────answer───────────────────────► ended
 */
type State =
  /** The request's own frames are being handled. */
  | { readonly kind: 'gathering' }
  /** The request waits for a message. */
  | { readonly kind: 'parked'; readonly limit: NodeJS.Timeout }
  | { readonly kind: 'ended' };

const GATHERING: State = { kind: 'gathering' };
const ENDED: State = { kind: 'ended' };

/** A session whose frames are gathered for one answer in JSON. */
export class CollectedSession implements FrameSink {
  readonly format = framesFormat;
  readonly drains = false;
  readonly session: Session;
  readonly #exchange: Exchange;
  readonly #texts: string[] = [];
  #length = 0;
  /** Messages, gaps and subscriptions that were withdrawn, among what has been gathered. */
  #items = 0;
  #state: State = GATHERING;

  constructor(exchange: Exchange, transport: TransportName, client: string) {
    this.#exchange = exchange;
    this.session = new Session(
      exchange.hub,
      { ...exchange.caller, transport, client, asksAgain: true },
      {
        sink: this,
        close: () => this.answer(),
        withdrawn: () => this.#bring(1),
        abort: () => exchange.abort(),
      },
    );
    exchange.whenEnded(this);
  }

  get full(): boolean {
    return this.#length >= ANSWER_LENGTH;
  }

  get writable(): boolean {
    return !this.full;
  }

  write(chunk: unknown): void {
    const items = chunk as readonly string[];
    for (const item of items) this.frame(item);
    this.#bring(items.length);
  }

  #bring(items: number): void {
    this.#items += items;
    // At the end of the tick, so that what other channels bring with it comes along.
    if (this.#state.kind === 'parked') setImmediate(() => this.answer());
  }

  frame(json: string): void {
    this.#texts.push(json);
    this.#length += json.length;
  }

  /** Waits for a message if none has come, so many seconds at most. An error is news as well: it is told at once. */
  park(seconds: number): void {
    if (this.#state.kind !== 'gathering') return;
    if (this.#items > 0 || this.session.refusals > 0) this.answer();
    else this.#state = { kind: 'parked', limit: setTimeout(() => this.answer(), seconds * 1000) };
  }

  /** Sends what has been gathered, once; later calls do nothing. */
  answer(): void {
    if (this.#state.kind === 'ended') return;
    // Everything up to here is in this answer, unless a page is still to come.
    const position = this.session.connection.position;
    this.ended();
    this.frame(JSON.stringify({ heartbeat: position ? { position: formatPosition(position) } : {} }));
    const body = Buffer.from(`[${this.#texts.join(',')}]`);
    this.#exchange.hub.meter.bytes += body.length;
    sendJson(this.#exchange, body, { 'Cache-Control': 'no-store' });
  }

  ended(): void {
    if (this.#state.kind === 'parked') clearTimeout(this.#state.limit);
    this.#state = ENDED;
    this.session.gone();
  }
}

/** Handles the frames of a request's body, and gathers what they bring. */
export async function collectSession(
  exchange: Exchange,
  transport: TransportName,
  { client, frames }: SessionRequest,
): Promise<CollectedSession> {
  const collected = new CollectedSession(exchange, transport, client);
  await receiveFrames(collected.session, frames);
  await collected.session.settled();
  return collected;
}
