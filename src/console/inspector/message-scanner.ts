/** How a message's body ends (RFC 9112 section 6.3). */
export type BodyEnd =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** With the connection, or never, as what follows an upgrade is no HTTP. */
  | { readonly kind: 'close' }
  /** Another head follows for the same request: an interim answer (RFC 9110 section 15.2). */
  | { readonly kind: 'interim' };

export interface ScannerOwner {
  /** A head with its blank line. The scanner gives up if it returns undefined. */
  head(head: Buffer): BodyEnd | undefined;
  /** A part of the body, as it crossed the wire. */
  body(bytes: Buffer): void;
  /** The message is complete. */
  end(): void;
}

const BLANK_LINE = '\r\n\r\n';
/** Node refuses longer heads. */
const MAX_HEAD = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;

type State =
  | { readonly kind: 'head' }
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunk-line' | 'trailer'; line: string }
  | { readonly kind: 'chunk'; left: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'lost' };

/** Finds where the HTTP/1.1 messages of one direction of a connection begin and end, however its bytes are cut. */
export class MessageScanner {
  readonly #owner: ScannerOwner;
  #state: State = { kind: 'head' };
  #partial: Buffer = Buffer.alloc(0);

  constructor(owner: ScannerOwner) {
    this.#owner = owner;
  }

  feed(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const used = this.#state.kind === 'head' ? this.#feedHead(rest) : this.#feedBody(rest);
      rest = rest.subarray(used);
    }
  }

  #feedHead(bytes: Buffer): number {
    const before = this.#partial.length;
    const all = before === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    // The blank line may have begun in the bytes before.
    const at = all.indexOf(BLANK_LINE, Math.max(0, before - BLANK_LINE.length + 1));
    if (at === -1) {
      this.#partial = all;
      if (all.length > MAX_HEAD) this.#state = { kind: 'lost' };
      return bytes.length;
    }
    this.#partial = Buffer.alloc(0);
    const length = at + BLANK_LINE.length;
    this.#begin(this.#owner.head(all.subarray(0, length)));
    return length - before;
  }

  #begin(end: BodyEnd | undefined): void {
    switch (end?.kind) {
      case 'length':
        if (end.bytes === 0) this.#owner.end();
        else this.#state = { kind: 'length', left: end.bytes };
        return;
      case 'chunked':
        this.#state = { kind: 'chunk-line', line: '' };
        return;
      case 'close':
        this.#state = { kind: 'close' };
        return;
      case 'interim':
        return;
      case undefined:
        this.#state = { kind: 'lost' };
    }
  }

  /** Hands on what belongs to the body, and returns how much that was. */
  #feedBody(bytes: Buffer): number {
    const state = this.#state;
    if (state.kind === 'lost') return bytes.length;
    if (state.kind === 'close') {
      this.#owner.body(bytes);
      return bytes.length;
    }
    let used = 0;
    while (used < bytes.length && this.#state.kind !== 'head' && this.#state.kind !== 'lost') {
      used += this.#step(bytes, used);
    }
    this.#owner.body(bytes.subarray(0, used));
    if (this.#state.kind === 'head') this.#owner.end();
    return used;
  }

  /** Takes what belongs to one part of the body from `at` on. */
  #step(bytes: Buffer, at: number): number {
    const state = this.#state;
    if (state.kind === 'length' || state.kind === 'chunk') {
      const taken = Math.min(state.left, bytes.length - at);
      state.left -= taken;
      if (state.left === 0)
        this.#state = state.kind === 'length' ? { kind: 'head' } : { kind: 'chunk-line', line: '' };
      return taken;
    }
    if (state.kind !== 'chunk-line' && state.kind !== 'trailer') return bytes.length - at;
    const byte = bytes[at]!;
    if (byte === LF) this.#endLine(state);
    else if (byte !== CR) state.line += String.fromCharCode(byte);
    return 1;
  }

  #endLine({ kind, line }: { readonly kind: 'chunk-line' | 'trailer'; readonly line: string }): void {
    if (kind === 'trailer') {
      this.#state = line === '' ? { kind: 'head' } : { kind: 'trailer', line: '' };
      return;
    }
    const size = /^[0-9a-f]+/i.exec(line)?.[0];
    if (size === undefined) this.#state = { kind: 'lost' };
    else if (/^0+$/.test(size)) this.#state = { kind: 'trailer', line: '' };
    // The data's own line break belongs to it.
    else this.#state = { kind: 'chunk', left: Number.parseInt(size, 16) + 2 };
  }
}
