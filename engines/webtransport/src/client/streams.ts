import type { ReceiveStream } from '../receive-stream.ts';
import type { SendStream } from '../send-stream.ts';
import type { Session } from '../session.ts';
import { WebTransportError } from './error.ts';

/** What may wait for a reader in JavaScript; the rest waits at the peer. */
const READ_AHEAD_BYTES = 64 * 1024;

/** The listeners for the end of a session. */
type Tellable = Set<(error: WebTransportError) => void>;

/** The stream as a web stream, until its end or that of the session. */
export function readableOf(stream: ReceiveStream, open: Tellable): ReadableStream<Uint8Array> {
  let over = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = (error: WebTransportError) => controller.error(error);
        over = () => open.delete(fail);
        open.add(fail);
        stream.ondata = (bytes) => {
          // Alone in its memory, as a reader expects who hands it on to another thread.
          controller.enqueue(new Uint8Array(bytes));
          if (controller.desiredSize! <= 0) stream.pause();
        };
        stream.onend = () => {
          over();
          controller.close();
        };
        stream.onreset = (streamErrorCode) => {
          over();
          fail(new WebTransportError('the peer has reset the stream', { source: 'stream', streamErrorCode }));
        };
      },
      pull: () => stream.resume(),
      cancel(reason) {
        over();
        stream.stop(codeIn(reason));
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD_BYTES }) as QueuingStrategy<Uint8Array>,
  );
}

/** The stream as a web stream, until its end or that of the session. */
export function writableOf(stream: SendStream, open: Tellable): WritableStream<Uint8Array> {
  let drained = () => {};
  let over = () => {};
  return new WritableStream<Uint8Array>({
    start(controller) {
      const fail = (error: WebTransportError) => {
        controller.error(error);
        drained();
      };
      over = () => open.delete(fail);
      open.add(fail);
      stream.ondrain = () => drained();
      // An abort waits for the write under way.
      controller.signal.addEventListener('abort', () => drained());
      stream.onstop = (streamErrorCode) => {
        over();
        fail(new WebTransportError('the peer has stopped the stream', { source: 'stream', streamErrorCode }));
      };
    },
    async write(bytes, { signal }) {
      if (stream.write(bytes) || signal.aborted) return;
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
    },
    close() {
      over();
      stream.end();
    },
    abort(reason) {
      over();
      stream.reset(codeIn(reason));
    },
  });
}

/** Takes datagrams as fast as they leave. */
export function datagramSink(session: () => Promise<Session>): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    async write(bytes) {
      const open = await session();
      // As the standard has it, one that fits in no packet is lost like any other.
      if (bytes.length > open.maxDatagramSize || open.sendDatagram(bytes)) return;
      await new Promise<void>((resolve) => {
        open.ondrain = resolve;
      });
      open.sendDatagram(bytes);
    },
  });
}

function codeIn(reason: unknown): number {
  return (reason instanceof WebTransportError ? reason.streamErrorCode : null) ?? 0;
}
