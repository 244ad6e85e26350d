import { Agent } from 'node:http';
import { opener } from '../http2.ts';
import { Arrivals } from './arrivals.ts';
import { channelUrl, Disconnected, itemOf, type Reader, type ReaderOptions, Refused } from './reader.ts';

const LINE_END = 0x0a;

/** Reads a JSON value a line; the header `Fanwire-Position` says where reading begins. */
export async function openHttpStreaming(base: string, options: ReaderOptions): Promise<Reader> {
  const response = await opener(options)(channelUrl(base, options), {
    headers: { accept: 'application/x-ndjson', ...options.headers },
    agent: new Agent(),
  }).catch((cause) => {
    throw new Disconnected('no response', { cause });
  });
  if (response.statusCode !== 200) throw new Refused(response.statusCode ?? 0);

  const arrivals = new Arrivals();
  const take = (value: { readonly error?: { readonly code: string } }) => {
    if (value.error) arrivals.end(new Disconnected(value.error.code));
    else arrivals.push(itemOf(value));
  };
  // Lines are cut from bytes and decoded whole, so that no character can be split.
  let pieces: Buffer[] = [];
  response.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, from)) {
      pieces.push(chunk.subarray(from, end));
      const line = Buffer.concat(pieces).toString();
      if (line !== '') take(JSON.parse(line));
      pieces = [];
      from = end + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  });
  response.on('error', () => arrivals.end());
  response.on('close', () => arrivals.end());
  arrivals.reach(String(response.headers['fanwire-position'] ?? ''));
  await arrivals.begin();

  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}
