import type { EngineLimits } from './limits.ts';
import type { EngineReceiveStream } from './receive-stream.ts';
import { TOLD, textOf } from './records.ts';
import type { EngineSendStream } from './send-stream.ts';
import { EngineSession, LOST } from './session.ts';

/** Whether this end gave a stream or session its number: those of the engine are even. */
export function isOwn(id: number): boolean {
  return id % 2 === 1;
}

/** The sessions of one run of the engine, and their streams, until they end. */
export class SessionTable {
  readonly limits: EngineLimits;
  readonly ask: (operation: number, id: number, number: number, body?: Uint8Array) => void;
  readonly sessions = new Map<number, EngineSession>();
  readonly #outgoing = new Map<number, EngineSendStream>();
  readonly #incoming = new Map<number, EngineReceiveStream>();
  #lastId = -1;

  constructor(limits: EngineLimits, ask: SessionTable['ask']) {
    this.limits = limits;
    this.ask = ask;
  }

  /** A number that the engine does not give. */
  nextId(): number {
    this.#lastId += 2;
    return this.#lastId;
  }

  add(id: number, maxDatagramSize: number): EngineSession {
    const session = new EngineSession(this, id, maxDatagramSize);
    this.sessions.set(id, session);
    return session;
  }

  get counts(): { sessions: number; outgoing: number; incoming: number } {
    return { sessions: this.sessions.size, outgoing: this.#outgoing.size, incoming: this.#incoming.size };
  }

  /** Takes a record about a session or a stream. What is about one that this end has ended is passed over. */
  read(operation: number, id: number, number: number, body: Uint8Array): void {
    switch (operation) {
      case TOLD.closed:
        this.sessions.get(id)?.closed(number, textOf(body));
        break;
      case TOLD.lost:
        this.sessions.get(id)?.closed(LOST, textOf(body));
        break;
      case TOLD.unidirectional:
        this.sessions.get(id)?.streamCame(number, false);
        break;
      case TOLD.bidirectional:
        this.sessions.get(id)?.streamCame(number, true);
        break;
      case TOLD.datagram:
        this.sessions.get(id)?.datagramCame(body);
        break;
      case TOLD.datagramsSent:
        this.sessions.get(id)?.datagramsSent(number);
        break;
      case TOLD.data:
        this.#incoming.get(id)?.came(body);
        break;
      case TOLD.ended:
        this.#incoming.get(id)?.over({ kind: 'ended' });
        break;
      case TOLD.reset:
        this.#incoming.get(id)?.over({ kind: 'reset', code: number });
        break;
      case TOLD.stopped:
        this.#outgoing.get(id)?.stopped(number);
        break;
      case TOLD.written:
        this.#outgoing.get(id)?.written(number);
        break;
      case TOLD.sent:
        this.#outgoing.get(id)?.sent();
        break;
    }
  }

  /** All are lost, for this reason. `fault` is told what the callers' functions throw. */
  lose(reason: string, fault: (error: unknown) => void): void {
    for (const session of [...this.sessions.values()]) {
      try {
        session.closed(LOST, reason);
      } catch (error) {
        fault(error);
      }
    }
  }

  addOutgoing(id: number, stream: EngineSendStream): EngineSendStream {
    this.#outgoing.set(id, stream);
    return stream;
  }

  addIncoming(id: number, stream: EngineReceiveStream): EngineReceiveStream {
    this.#incoming.set(id, stream);
    return stream;
  }

  removeOutgoing(id: number): boolean {
    return this.#outgoing.delete(id);
  }

  removeIncoming(id: number): boolean {
    return this.#incoming.delete(id);
  }

  hasStream(id: number): boolean {
    return this.#outgoing.has(id) || this.#incoming.has(id);
  }

  /** Its session has ended. */
  abandon(id: number): void {
    this.#outgoing.get(id)?.gone();
    this.#incoming.get(id)?.gone();
    this.#outgoing.delete(id);
    this.#incoming.delete(id);
  }
}
