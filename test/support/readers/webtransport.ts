import { WebTransport, type WebTransportError } from '@fanwire/webtransport/client';
import { webTransportPortOf } from '../hub.ts';
import { Arrivals } from './arrivals.ts';
import { channelUrl, Disconnected, itemOf, type Reader, type ReaderOptions, Refused } from './reader.ts';

/** Reads the lines of the one stream that a session on a channel opens; its first says where reading begins. */
export async function openWebTransport(base: string, options: ReaderOptions): Promise<Reader> {
  const port = await webTransportPortOf(base);
  const url = channelUrl(`https://127.0.0.1:${port}`, options);
  const session = new WebTransport(url, { rejectUnauthorized: false, headers: options.headers ?? {} });
  await session.ready.catch((error: WebTransportError) => {
    const status = (error.cause as { readonly cause?: { readonly status?: number } })?.cause?.status;
    throw status === undefined ? new Disconnected('no session', { cause: error }) : new Refused(status);
  });

  const arrivals = new Arrivals();
  let isPaused = false;
  let resumed = () => {};
  const take = (line: string) => {
    const frame = JSON.parse(line);
    if ('heartbeat' in frame) arrivals.reach(frame.heartbeat.position ?? '');
    else if ('error' in frame) arrivals.end(new Disconnected(frame.error.code));
    else arrivals.push(itemOf(frame));
  };
  const read = async () => {
    const { value: stream } = await session.incomingUnidirectionalStreams.getReader().read();
    const decoder = new TextDecoder();
    let rest: string[] = [];
    for await (const bytes of stream!) {
      if (isPaused) await new Promise<void>((resolve) => (resumed = resolve));
      const [first = '', ...lines] = decoder.decode(bytes, { stream: true }).split('\n');
      rest.push(first);
      for (const line of lines) {
        const whole = rest.join('');
        rest = [line];
        if (whole !== '') take(whole);
      }
    }
    throw new Error('the stream ended');
  };
  read().catch((cause) => arrivals.end(new Disconnected('the session broke', { cause })));
  await arrivals.begin();

  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      resumed();
    },
    close: () => session.close(),
  };
}
