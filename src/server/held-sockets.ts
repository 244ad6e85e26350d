import type { Duplex } from 'node:stream';
import { GOODBYE_MS } from '../protocol/close-codes.ts';
import { onceClosed } from './once-closed.ts';

/** Sockets that the hub has to itself, each counted for its address until it closes. */
export class HeldSockets {
  readonly #addresses = new Map<object, string>();
  readonly #closed: (socket: object) => void;

  /** @param leave is told the address of each that closes */
  constructor(leave: (address: string) => void) {
    this.#closed = (socket) => {
      leave(this.#addresses.get(socket)!);
      this.#addresses.delete(socket);
    };
  }

  hold(socket: Duplex, address: string): void {
    this.#addresses.set(socket, address);
    onceClosed(socket, this.#closed);
  }

  /** Ends what is left, one whose client has not said hello for example, once a goodbye had its time. */
  end(): void {
    const end = () => {
      for (const socket of this.#addresses.keys()) (socket as Duplex).destroy();
    };
    if (this.#addresses.size > 0) setTimeout(end, GOODBYE_MS);
  }
}
