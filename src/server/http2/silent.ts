import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_MS = 1000;

/**
 * Sockets whose clients have sent nothing yet. They share one timer: of a socket's own, Node would keep the remains as long as
 * the socket.
 */
export class Silent {
  readonly #server: Pick<Server, 'headersTimeout'>;
  /** With the time by which each has to have sent something; the first is the first. */
  readonly #until = new Map<Socket, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param server says how many milliseconds a client may take; any number where it says 0 */
  constructor(server: Pick<Server, 'headersTimeout'>) {
    this.#server = server;
  }

  add(socket: Socket): void {
    const { headersTimeout } = this.#server;
    this.#until.set(
      socket,
      headersTimeout > 0 ? performance.now() + headersTimeout : Number.POSITIVE_INFINITY,
    );
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  delete(socket: Socket): void {
    this.#until.delete(socket);
  }

  /** Ends all of them. */
  end(): void {
    for (const socket of this.#until.keys()) socket.destroy();
  }

  #look(): void {
    const now = performance.now();
    for (const [socket, until] of this.#until) {
      if (until <= now) socket.destroy();
      if (socket.destroyed) this.#until.delete(socket);
    }
    if (this.#until.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
