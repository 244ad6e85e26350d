interface Segment {
  /** What is known of it: its beginning. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly at: number;
}

/** Bytes taken off a run. Fewer are known than there were where the recording left some out. */
export interface Taken {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** When the first and the last of them crossed the wire. */
  readonly at: number;
  readonly until: number;
}

/** The bytes of one direction that are not taken apart yet. */
export class ByteRun {
  #segments: Segment[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array, length: number, at: number): void {
    if (length === 0) return;
    this.#segments.push({ bytes, length, at });
    this.#length += length;
  }

  /** Up to so many bytes from the front, as far as they are known without a hole. */
  peek(max: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const { bytes, length } of this.#segments) {
      parts.push(bytes.subarray(0, max - size));
      size += parts.at(-1)!.length;
      if (size === max || bytes.length < length) break;
    }
    return joined(parts, size);
  }

  /** Whether a hole begins within the first so many bytes that are there. */
  hasHoleBefore(count: number): boolean {
    return this.peek(count).length < Math.min(count, this.#length);
  }

  /** Takes exactly so many; they must be there. */
  take(count: number): Taken {
    const at = this.#segments[0]?.at ?? 0;
    const known = this.peek(count);
    let until = at;
    let left = count;
    while (left > 0) {
      const first = this.#segments[0]!;
      until = first.at;
      if (first.length <= left) {
        this.#segments.shift();
        left -= first.length;
      } else {
        this.#segments[0] = {
          bytes: first.bytes.subarray(left),
          length: first.length - left,
          at: first.at,
        };
        left = 0;
      }
    }
    this.#length -= count;
    return { bytes: known, length: count, at, until };
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
