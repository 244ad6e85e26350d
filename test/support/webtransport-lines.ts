import type { TestContext } from 'node:test';
import { WebTransport, type WebTransportDatagrams } from '@fanwire/webtransport/client';
import { onEnd } from './on-end.ts';

/** A session whose streams are read and written by lines. */
export interface LineSession {
  readonly datagrams: Lines;
  /** Opens a stream of both directions. */
  open(): Promise<Lines>;
  /** The next stream that the server opens. */
  next(): Promise<Lines>;
}

/** Opens a session with a server that is not known, for as long as the test lasts. */
export async function openLines(t: TestContext, url: string): Promise<LineSession> {
  const session = new WebTransport(url, { rejectUnauthorized: false });
  await session.ready;
  onEnd(t, () => session.close());
  const incoming = session.incomingUnidirectionalStreams.getReader();
  return {
    datagrams: linesOfDatagrams(session.datagrams),
    async open() {
      const { readable, writable } = await session.createBidirectionalStream();
      return new Lines(linesOf(readable), writable, '\n');
    },
    async next() {
      const { value } = await incoming.read();
      if (!value) throw new Error('the session ended');
      return new Lines(linesOf(value));
    },
  };
}

export class Lines {
  readonly #lines: AsyncIterator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #lineEnd: string;

  constructor(lines: AsyncIterator<string>, writable?: WritableStream<Uint8Array>, lineEnd = '') {
    this.#lines = lines;
    this.#writer = writable?.getWriter();
    this.#lineEnd = lineEnd;
  }

  /** The next line, or undefined at the stream's end. */
  async read(): Promise<string | undefined> {
    return (await this.#lines.next()).value;
  }

  async write(line: string): Promise<void> {
    if (!this.#writer) throw new Error('the server opened this stream for itself');
    await this.#writer.write(new TextEncoder().encode(line + this.#lineEnd));
  }
}

function linesOfDatagrams({ readable, writable }: WebTransportDatagrams): Lines {
  return new Lines(texts(readable), writable);
}

async function* texts(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) yield decoder.decode(bytes, { stream: true });
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts(stream)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
