import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** What the system may hold for a thread that is busy. It gives less where it has less. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Packets beyond this are let go, as a network would: QUIC sends anew, and slower. */
const WAITING_BYTES = 4 * 1024 * 1024;

/** Where a socket is to be bound: the address in numbers. */
export interface Binding {
  address: string;
  port: number;
  family: 4 | 6;
}

/** A UDP socket that tells when all that was sent has left. */
export class UdpSocket {
  readonly #socket: Socket;
  #leaving = 0;
  #left = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    // What the network answers to a packet, such as that nobody is there. QUIC learns of it in time.
    socket.on('error', () => {});
  }

  static async bind({ address, port, family }: Binding): Promise<UdpSocket> {
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // Addresses are numbers here. Node's own would put every packet off for a tick to look one up.
      lookup: ((name: string, _: unknown, found: (error: null, address: string) => void) =>
        found(null, name)) as never,
      recvBufferSize: BUFFER_BYTES,
      sendBufferSize: BUFFER_BYTES,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port, exclusive: true }, resolve);
    });
    return new UdpSocket(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  onpacket(take: (packet: Uint8Array, from: RemoteInfo) => void): void {
    this.#socket.on('message', take);
  }

  /** Copies the packet. */
  send(packet: Uint8Array, port: number, address: string): void {
    if (this.#socket.getSendQueueSize() > WAITING_BYTES) return;
    this.#leaving += 1;
    this.#socket.send(Buffer.from(packet), port, address, () => {
      this.#leaving -= 1;
      if (this.#leaving === 0) this.#left();
    });
  }

  /** Closes once everything has left. */
  async close(): Promise<void> {
    if (this.#leaving > 0) {
      await new Promise<void>((resolve) => {
        this.#left = resolve;
      });
    }
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
