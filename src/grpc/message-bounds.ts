import { PREFIX_BYTES } from './envelope.ts';

/** Where the messages of a stream begin and end, as its bytes come. */
export class MessageBounds {
  /** Bytes of the message that has begun and is not whole, with what stands before it. */
  partial = 0;
  /** The length that this message declares, as far as it is known. */
  declared = 0;
  /** How many messages have come whole. */
  whole = 0;

  add(part: Uint8Array): void {
    let at = 0;
    while (at < part.length) {
      if (this.partial < PREFIX_BYTES) {
        // A byte of flags, and four of the length.
        if (this.partial > 0) this.declared = this.declared * 256 + part[at]!;
        this.partial += 1;
        at += 1;
      } else {
        const come = Math.min(PREFIX_BYTES + this.declared - this.partial, part.length - at);
        this.partial += come;
        at += come;
      }
      if (this.partial >= PREFIX_BYTES && this.partial === PREFIX_BYTES + this.declared) {
        this.partial = 0;
        this.declared = 0;
        this.whole += 1;
      }
    }
  }
}
