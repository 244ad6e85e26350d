import { EngineReceiveStream, type ReceiveStream } from './receive-stream.ts';
import { DO } from './records.ts';
import { EngineSendStream, type SendStream } from './send-stream.ts';
import { isOwn, type SessionTable } from './session-table.ts';

/** The code of `onclose` when nobody closed the session: its connection was lost, or the engine. */
export const LOST = -1;

/** How many datagrams may be between the threads, each way; `engine/session.go` has the same. */
const DATAGRAM_CREDIT = 64;
/** What a reason may have (draft-ietf-webtrans-http3 section 6). */
const REASON_BYTES = 1024;

/** A stream of both directions. */
export interface BidirectionalStream {
  readonly readable: ReceiveStream;
  readonly writable: SendStream;
}

/** A session of WebTransport. After `onclose` nothing more comes from it, nor from its streams. */
export interface Session {
  /** @throws Error when the session has ended, or has as many streams of this end's as `streamsPerSession` says */
  openUnidirectional(): SendStream;
  /** @throws Error as `openUnidirectional` does */
  openBidirectional(): BidirectionalStream;
  /**
   * The peer has opened a stream; `writable` is there if it is one of both directions. A stream that it resets before
   * the engine has read its head never comes.
   */
  onstream: (readable: ReceiveStream, writable?: SendStream) => void;
  /** False where it was not sent, as too many wait already; `ondrain` tells of room. */
  sendDatagram(bytes: Uint8Array): boolean;
  ondrain: () => void;
  ondatagram: (bytes: Uint8Array) => void;
  /** The longest datagram that fits in a packet to this peer; 0 if it takes none. */
  readonly maxDatagramSize: number;
  /** Ends the session with all its streams: what they have queued is let go. `onclose` is not called. */
  close(code: number, reason: string): void;
  /** The peer has closed the session, or, with the code `LOST`, it is lost, and the reason says how. */
  onclose: (code: number, reason: string) => void;
}

export class EngineSession implements Session {
  onstream = (_readable: ReceiveStream, _writable?: SendStream) => {};
  ondrain = () => {};
  ondatagram = (_bytes: Uint8Array) => {};
  onclose = (_code: number, _reason: string) => {};
  readonly maxDatagramSize: number;
  readonly #table: SessionTable;
  readonly #id: number;
  /** Numbers of the streams that have not ended in both directions. */
  readonly #streams = new Set<number>();
  /** How many of these this end has opened. */
  #opened = 0;
  #state: { kind: 'open'; sending: number; isFull: boolean } | { kind: 'ended' };
  /** Datagrams that were read, and that the engine does not know of yet. */
  #read = 0;

  constructor(table: SessionTable, id: number, maxDatagramSize: number) {
    this.#table = table;
    this.#id = id;
    this.maxDatagramSize = maxDatagramSize;
    this.#state = { kind: 'open', sending: 0, isFull: false };
  }

  get queuedBytesPerStream(): number {
    return this.#table.limits.queuedBytesPerStream;
  }

  openUnidirectional(): SendStream {
    const id = this.#open(DO.openUnidirectional);
    return this.#table.addOutgoing(id, new EngineSendStream(this, id));
  }

  openBidirectional(): BidirectionalStream {
    const id = this.#open(DO.openBidirectional);
    return {
      readable: this.#table.addIncoming(id, new EngineReceiveStream(this, id)),
      writable: this.#table.addOutgoing(id, new EngineSendStream(this, id)),
    };
  }

  sendDatagram(bytes: Uint8Array): boolean {
    if (bytes.length > this.maxDatagramSize) {
      throw new RangeError(`a datagram of ${bytes.length} bytes, of ${this.maxDatagramSize} at most`);
    }
    const state = this.#state;
    if (state.kind === 'ended') return false;
    state.isFull ||= state.sending >= DATAGRAM_CREDIT;
    if (state.isFull) return false;
    state.sending += 1;
    this.ask(DO.datagram, this.#id, 0, bytes);
    return true;
  }

  close(code: number, reason: string): void {
    if (this.#state.kind === 'ended') return;
    this.ask(DO.close, this.#id, code, cut(reason));
    this.#end();
  }

  ask(operation: number, id: number, number: number, body?: Uint8Array): void {
    this.#table.ask(operation, id, number, body);
  }

  streamCame(id: number, isBidirectional: boolean): void {
    this.#streams.add(id);
    const readable = this.#table.addIncoming(id, new EngineReceiveStream(this, id));
    if (!isBidirectional) this.onstream(readable);
    else this.onstream(readable, this.#table.addOutgoing(id, new EngineSendStream(this, id)));
  }

  datagramCame(bytes: Uint8Array): void {
    this.#read += 1;
    if (this.#read >= DATAGRAM_CREDIT / 2) {
      this.ask(DO.datagramCredit, this.#id, this.#read);
      this.#read = 0;
    }
    this.ondatagram(bytes);
  }

  datagramsSent(count: number): void {
    const state = this.#state;
    if (state.kind === 'ended') return;
    state.sending -= count;
    if (!state.isFull || state.sending > DATAGRAM_CREDIT / 2) return;
    state.isFull = false;
    this.ondrain();
  }

  closed(code: number, reason: string): void {
    this.#end();
    this.onclose(code, reason);
  }

  forgetIncoming(id: number): void {
    if (this.#table.removeIncoming(id)) this.#forget(id);
  }

  forgetOutgoing(id: number): void {
    if (this.#table.removeOutgoing(id)) this.#forget(id);
  }

  #forget(id: number): void {
    if (this.#table.hasStream(id) || !this.#streams.delete(id)) return;
    if (isOwn(id)) this.#opened -= 1;
  }

  #open(operation: number): number {
    if (this.#state.kind === 'ended') throw new Error('the session has ended');
    if (this.#opened >= this.#table.limits.streamsPerSession) {
      throw new Error(`${this.#opened} streams of this end are open already`);
    }
    const id = this.#table.nextId();
    this.#opened += 1;
    this.#streams.add(id);
    this.ask(operation, this.#id, id);
    return id;
  }

  #end(): void {
    this.#state = { kind: 'ended' };
    this.#table.sessions.delete(this.#id);
    for (const id of this.#streams) this.#table.abandon(id);
    this.#streams.clear();
  }
}

function cut(reason: string): Uint8Array {
  const bytes = new Uint8Array(REASON_BYTES);
  // Whole characters only.
  return bytes.subarray(0, new TextEncoder().encodeInto(reason, bytes).written);
}
