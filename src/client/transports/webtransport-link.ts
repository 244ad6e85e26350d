import type { ClientFrame, ServerFrame, WebTransportOffer } from '../../protocol/frames.ts';
import type { Link, Port } from './transport.ts';
import type { Loaded } from './webtransport.ts';

/** How long what was written last may take to leave, before the session is closed over it. */
const LAST_WORDS_MS = 1_000;

/** One session: frames go both ways on one stream, and the messages of each channel come on a stream of their own. */
export function open(port: Port, loaded: Loaded): Link {
  const { createWatchdog, errorOfClose, failureOf, readerOfLines, TransportError } = loaded;
  const { endpoint, clientId, tokens, why, runtime, proofTimeoutMs, offer = {} } = port.environment;
  const watchdog = createWatchdog(proofTimeoutMs, port.lost, runtime);
  const session = new WebTransport(offer.url ?? endpoint, sessionOptions(offer, loaded));
  const encoder = new TextEncoder();
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  /** Every `ref` that asked for a channel last. What still comes for one before is not for anybody. */
  const asked = new Set<number>();
  const refs = new Map<string, number>();

  const note = (frame: ClientFrame) => {
    const of =
      'subscribe' in frame ? frame.subscribe : 'unsubscribe' in frame ? frame.unsubscribe : undefined;
    if (!of) return;
    asked.delete(refs.get(of.channel)!);
    refs.delete(of.channel);
    if (!('subscribe' in frame)) return;
    asked.add(frame.ref);
    refs.set(of.channel, frame.ref);
  };

  /** Resolves at the stream's end; rejects with a SyntaxError for what is no frame. */
  const readLines = async (stream: ReadableStream<Uint8Array>, onFrame: (frame: ServerFrame) => void) => {
    const decoder = new TextDecoder();
    const take = readerOfLines((line) => onFrame(JSON.parse(line)));
    const reader = stream.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      take(decoder.decode(value, { stream: true }));
    }
  };

  const lost = (error: unknown) => port.lost(failureOf(error, 'cut'));
  /** Of a session that ends, `closed` says more than its streams. */
  const lostStream = (error: unknown) => isOfSession(error) || lost(error);
  const write = (frame: string) => void writer?.write(encoder.encode(`${frame}\n`)).catch(lostStream);

  const receive = (frame: ServerFrame) => {
    watchdog.hear(frame);
    port.receive(frame);
  };

  /** The first line of a channel's stream answers the frame that asked for it. */
  const receiveChannel = async (stream: ReadableStream<Uint8Array>) => {
    let ref: number | undefined;
    const isAsked = () => asked.has(ref!);
    try {
      await readLines(stream, (frame) => {
        if ('ref' in frame) ref = frame.ref;
        if (!isAsked()) return;
        // What is refused ends with its stream.
        if ('error' in frame) asked.delete(ref!);
        receive(frame);
      });
    } catch (error) {
      // What nobody asks for any more the hub gives up.
      if (isAsked()) throw error;
    }
    if (isAsked()) throw new TransportError('cut', 'a stream ended');
  };

  const receiveChannels = async () => {
    const streams: ReadableStreamDefaultReader<ReadableStream<Uint8Array>> =
      session.incomingUnidirectionalStreams.getReader();
    for (;;) {
      const { value } = await streams.read();
      if (!value) return;
      receiveChannel(value).catch(lostStream);
    }
  };

  const start = async () => {
    const token = await tokens.get();
    await session.ready;
    if (state === 'closed') return;
    state = 'open';
    watchdog.means(new TransportError('mute', 'opened, no answer'));
    const { readable, writable } = await session.createBidirectionalStream();
    writer = writable.getWriter();
    write(JSON.stringify({ hello: { client: clientId, token, why: why?.() } }));
    receiveChannels().catch(ignore);
    await readLines(readable, receive);
  };

  session.closed.then(
    ({ closeCode = 0, reason = '' }) => lost(errorOfClose(closeCode, reason, watchdog.idleMs())),
    (error) =>
      lost(
        state === 'opening'
          ? new TransportError('refused', 'no session: UDP may be blocked')
          : new TransportError('cut', `${error}`),
      ),
  );
  start().catch(lostStream);

  return {
    send(frames) {
      for (const frame of frames) {
        note(JSON.parse(frame));
        write(frame);
      }
    },
    refresh() {
      watchdog.hurry(proofTimeoutMs);
      write(JSON.stringify({ ping: runtime.now() }));
    },
    close() {
      state = 'closed';
      watchdog.stop();
      const end = () => session.close({ closeCode: 1000, reason: '' });
      if (!writer) return end();
      // Closing lets go of what is on its way, a goodbye for example.
      runtime.setTimeout(end, LAST_WORDS_MS);
      writer.close().then(end, end);
    },
  };
}

/** Whether it tells of the whole session's end, and not of one stream's. */
function isOfSession(error: unknown): boolean {
  return (error as Partial<WebTransportError>).source === 'session';
}

function sessionOptions(
  { certificateHashes }: WebTransportOffer,
  { fromBase64 }: Loaded,
): WebTransportOptions {
  if (!certificateHashes) return {};
  return {
    serverCertificateHashes: certificateHashes.map((hash) => ({
      algorithm: 'sha-256',
      value: fromBase64(hash) as Uint8Array<ArrayBuffer>,
    })),
  };
}

/** The session's end says what there is to say. */
function ignore(): void {}
