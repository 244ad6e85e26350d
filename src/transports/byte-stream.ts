/** Bytes on their way to one reader: the body of an answer, or a stream of a connection that has many. */
export interface ByteStream {
  /** Whether what is written has to be framed as chunks of HTTP/1.1, once for all readers. */
  readonly chunked: boolean;
  /** See `Sink`. */
  readonly socketBytes?: number | undefined;
  /** See `Sink`. */
  descriptor?(): number;
  /** Whether it takes more; if not, its owner is told once it does. */
  write(bytes: Uint8Array): boolean;
  /** Ends it after what was written. */
  end(): void;
  /** Ends it at once, and what carries it where nothing else can. */
  abort(): void;
}

/** Who is told of what becomes of a stream. */
export interface StreamOwner {
  drained(): void;
  ended(): void;
}
