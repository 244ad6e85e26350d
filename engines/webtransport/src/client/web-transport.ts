import type { ReceiveStream } from '../receive-stream.ts';
import type { SendStream } from '../send-stream.ts';
import { LOST, type Session } from '../session.ts';
import { type DialOptions, dial } from './dialer.ts';
import { WebTransportError } from './error.ts';
import { QueuedStream } from './queued-stream.ts';
import { datagramSink, readableOf, writableOf } from './streams.ts';

export interface WebTransportCloseInfo {
  closeCode?: number;
  reason?: string;
}

export interface WebTransportBidirectionalStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export interface WebTransportDatagrams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly maxDatagramSize: number;
}

/** Datagrams that wait for a reader; then the oldest go. */
const WAITING_DATAGRAMS = 64;

type State =
  | { kind: 'connecting' }
  | { kind: 'connected'; session: Session }
  | { kind: 'closed'; error: WebTransportError };

/** A session, as https://www.w3.org/TR/webtransport/ has it: what an SDK uses of that, in Node. */
export class WebTransport {
  readonly ready: Promise<void>;
  readonly closed: Promise<Required<WebTransportCloseInfo>>;
  readonly incomingBidirectionalStreams: ReadableStream<WebTransportBidirectionalStream>;
  readonly incomingUnidirectionalStreams: ReadableStream<ReadableStream<Uint8Array>>;
  readonly datagrams: WebTransportDatagrams;
  #state: State = { kind: 'connecting' };
  readonly #bidirectional = new QueuedStream<WebTransportBidirectionalStream>();
  readonly #unidirectional = new QueuedStream<ReadableStream<Uint8Array>>();
  readonly #received = new QueuedStream<Uint8Array>(WAITING_DATAGRAMS);
  /** The open streams' listeners for the session's end. */
  readonly #open = new Set<(error: WebTransportError) => void>();
  #settle!: { resolve(info: Required<WebTransportCloseInfo>): void; reject(error: WebTransportError): void };

  /** @throws SyntaxError where `url` is none, or not of `https` */
  constructor(url: string | URL, options: DialOptions = {}) {
    const at = new URL(url);
    if (at.protocol !== 'https:' || at.hash !== '') {
      throw new DOMException(`${at} is no URL for WebTransport`, 'SyntaxError');
    }
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.incomingBidirectionalStreams = this.#bidirectional.readable;
    this.incomingUnidirectionalStreams = this.#unidirectional.readable;
    const maxDatagramSize = () =>
      this.#state.kind === 'connected' ? this.#state.session.maxDatagramSize : 0;
    this.datagrams = {
      readable: this.#received.readable,
      writable: datagramSink(() => this.#session()),
      get maxDatagramSize() {
        return maxDatagramSize();
      },
    };
    this.ready = dial(at, options, (session) => this.#connected(session))
      .catch((cause) => {
        this.#end(new WebTransportError(`Opening handshake failed: ${cause.message}`, { cause }));
      })
      .then(() => {
        if (this.#state.kind === 'closed') throw this.#state.error;
      });
    // A program may wait for one of the two alone. The other, rejected without a listener, would end the process.
    this.ready.catch(() => {});
    this.closed.catch(() => {});
  }

  async createBidirectionalStream(): Promise<WebTransportBidirectionalStream> {
    const { readable, writable } = (await this.#session()).openBidirectional();
    return this.#pair(readable, writable);
  }

  async createUnidirectionalStream(): Promise<WritableStream<Uint8Array>> {
    return this.#writable((await this.#session()).openUnidirectional());
  }

  close({ closeCode = 0, reason = '' }: WebTransportCloseInfo = {}): void {
    if (this.#state.kind === 'closed') return;
    if (this.#state.kind === 'connecting') {
      this.#end(new WebTransportError('closed before it was ready'));
      return;
    }
    this.#state.session.close(closeCode, reason);
    this.#end(new WebTransportError('closed'), { closeCode, reason });
  }

  /** Waits for the session. Throws the reason why there is none, or none any more. */
  async #session(): Promise<Session> {
    await this.ready;
    if (this.#state.kind === 'connected') return this.#state.session;
    throw (this.#state as { error: WebTransportError }).error;
  }

  #connected(session: Session): void {
    if (this.#state.kind === 'closed') {
      session.close(0, '');
      return;
    }
    this.#state = { kind: 'connected', session };
    session.onclose = (closeCode, reason) => {
      if (closeCode === LOST)
        this.#end(new WebTransportError(`Connection lost: ${reason}`, { source: 'session' }));
      else
        this.#end(new WebTransportError('closed by the server', { source: 'session' }), {
          closeCode,
          reason,
        });
    };
    session.onstream = (readable, writable) => {
      if (writable) this.#bidirectional.add(this.#pair(readable, writable));
      else this.#unidirectional.add(this.#readable(readable));
    };
    session.ondatagram = (bytes) => this.#received.add(new Uint8Array(bytes));
  }

  #end(error: WebTransportError, info?: Required<WebTransportCloseInfo>): void {
    if (this.#state.kind === 'closed') return;
    this.#state = { kind: 'closed', error };
    for (const tell of [...this.#open]) tell(error);
    this.#open.clear();
    if (info) {
      this.#settle.resolve(info);
      for (const queue of [this.#bidirectional, this.#unidirectional, this.#received]) queue.close();
    } else {
      this.#settle.reject(error);
      for (const queue of [this.#bidirectional, this.#unidirectional, this.#received]) queue.fail(error);
    }
  }

  #pair(readable: ReceiveStream, writable: SendStream): WebTransportBidirectionalStream {
    return { readable: this.#readable(readable), writable: this.#writable(writable) };
  }

  #readable(stream: ReceiveStream): ReadableStream<Uint8Array> {
    return readableOf(stream, this.#open);
  }

  #writable(stream: SendStream): WritableStream<Uint8Array> {
    return writableOf(stream, this.#open);
  }
}
