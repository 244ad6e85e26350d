import { Agent } from 'node:http';
import { createEventStreamReader, type StreamEvent } from '../../../src/wire/sse-reader.ts';
import { opener } from '../http2.ts';
import { Arrivals } from './arrivals.ts';
import {
  bytesOf,
  channelUrl,
  Disconnected,
  type Item,
  itemOf,
  type Reader,
  type ReaderOptions,
  Refused,
} from './reader.ts';

const DATA_URL = 'data:application/octet-stream;base64,';

/** Reads an event stream, and resumes as browsers do: by `Last-Event-ID`. */
export async function openSse(base: string, options: ReaderOptions): Promise<Reader> {
  const { after, ...rest } = options;
  const resuming = after?.includes('.');
  const response = await opener(options)(channelUrl(base, resuming ? rest : options), {
    headers: {
      accept: 'text/event-stream',
      ...(resuming ? { 'last-event-id': after } : {}),
      ...options.headers,
    },
    agent: new Agent(),
  }).catch((cause) => {
    throw new Disconnected('no response', { cause });
  });
  if (response.statusCode !== 200) throw new Refused(response.statusCode ?? 0);

  const single = options.channels.length === 1 ? options.channels[0] : undefined;
  const arrivals = new Arrivals();
  const read = createEventStreamReader((event) => {
    if (event.type === 'position') arrivals.reach(event.id);
    else if (event.type === 'error') arrivals.end(new Disconnected(event.data));
    else arrivals.push(itemOfEvent(event, single));
  });
  response.on('data', read);
  response.on('error', () => arrivals.end());
  response.on('close', () => arrivals.end());
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

/** `single` names the channel of a stream of one, whose events hold the payload alone. */
function itemOfEvent({ id, type, data }: StreamEvent, single: string | undefined): Item {
  if (type === 'gap' || single === undefined) return itemOf(JSON.parse(data));
  return {
    kind: 'message',
    message: { id, channel: single, ...(type === 'message' ? {} : { type }), data: payloadOf(data) },
  };
}

/** A stream of one channel does not say which kind a payload is of; tests send texts that are not JSON. */
function payloadOf(data: string): unknown {
  if (data.startsWith(DATA_URL)) return bytesOf(data.slice(DATA_URL.length));
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
