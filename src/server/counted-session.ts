import type { ReceiveStream, SendStream, WebTransportSession } from '../transports/session-offer.ts';

/** A session that tells once of its end, whichever end ended it. */
export class CountedSession implements WebTransportSession {
  onclose = (_code: number, _reason: string) => {};
  readonly #session: WebTransportSession;
  #ended: (() => void) | undefined;

  constructor(session: WebTransportSession, ended: () => void) {
    this.#session = session;
    this.#ended = ended;
    session.onclose = (code, reason) => {
      this.#end();
      this.onclose(code, reason);
    };
  }

  set onstream(listener: (readable: ReceiveStream, writable?: SendStream) => void) {
    this.#session.onstream = listener;
  }

  set ondatagram(listener: (bytes: Uint8Array) => void) {
    this.#session.ondatagram = listener;
  }

  set ondrain(listener: () => void) {
    this.#session.ondrain = listener;
  }

  get maxDatagramSize(): number {
    return this.#session.maxDatagramSize;
  }

  openUnidirectional(): SendStream {
    return this.#session.openUnidirectional();
  }

  sendDatagram(bytes: Uint8Array): boolean {
    return this.#session.sendDatagram(bytes);
  }

  close(code: number, reason: string): void {
    this.#end();
    this.#session.close(code, reason);
  }

  #end(): void {
    this.#ended?.();
    this.#ended = undefined;
  }
}
