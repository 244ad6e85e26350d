import type { RemoteInfo } from 'node:dgram';

const FIRST_BYTES = 64 * 1024;
/** What stands before a packet besides its sender's address. */
const HEAD_BYTES = 5;

/** Collects the packets of a tick, for one call of the engine: the call costs as much as several packets do. */
export class PacketBatch {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(packet: Uint8Array, { address, port }: RemoteInfo): void {
    this.#reserve(HEAD_BYTES + address.length + packet.length);
    let at = this.#bytes.writeUInt8(address.length, this.#length);
    at += this.#bytes.write(address, at, 'latin1');
    at = this.#bytes.writeUInt16LE(port, at);
    at = this.#bytes.writeUInt16LE(packet.length, at);
    this.#bytes.set(packet, at);
    this.#length = at + packet.length;
  }

  /** The batch, until the next packet is added. */
  take(): Uint8Array {
    const batch = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return batch;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + bytes);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
