import { WebSocket } from 'ws';
import { createEventStreamReader } from '../../../src/wire/sse-reader.ts';
import { openResponse, send } from '../http.ts';
import { Arrivals } from './arrivals.ts';
import { bytesOf, Disconnected, type Item, type Reader, type ReaderOptions, Refused } from './reader.ts';

const EVENT = `
  __typename
  ... on Message { id channel type from time data encoding }
  ... on Gap { channel lost: from to reason }`;
const SUBSCRIPTION = `subscription ($names: [String!]!, $after: Position, $last: Int) {
  channel(names: $names, after: $after, last: $last) { ${EVENT} }
}`;
const POSITION = `query ($names: [String!]!, $after: Position, $last: Int) {
  messages(channels: $names, after: $after, last: $last, limit: 1) { messages { id } position }
}`;

/** Reads by a subscription over a WebSocket, which is not told where it begins, and so asks before. */
export async function openGraphQLWebSocket(base: string, options: ReaderOptions): Promise<Reader> {
  const { channels: names, last, headers = {} } = options;
  const begins = options.after?.includes('.') ? options.after : await positionOf(base, options);
  const after = options.after === 'now' ? begins : options.after;
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const arrivals = new Arrivals();
  const say = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => say({ type: 'connection_init' }));
  socket.on('unexpected-response', (_request, response) => {
    arrivals.end(new Refused(response.statusCode ?? 0));
    socket.terminate();
  });
  socket.on('error', (cause) => arrivals.end(new Disconnected('the socket broke', { cause })));
  socket.on('close', (code) => arrivals.end(new Disconnected(`closed with ${code}`)));
  socket.on('message', (bytes) => {
    const { type, payload } = JSON.parse(String(bytes));
    if (type === 'next') arrivals.push(itemOfEvent(payload.data.channel));
    else if (type === 'error') arrivals.end(new Disconnected(JSON.stringify(payload)));
    else if (type === 'connection_ack') {
      say({
        id: '1',
        type: 'subscribe',
        payload: { query: SUBSCRIPTION, variables: { names, after, last } },
      });
      // Answered behind what the subscription is: it has begun then.
      say({ type: 'ping' });
    } else if (type === 'pong') arrivals.reach(begins);
  });
  await arrivals.begin();
  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

/** Reads by a subscription as an EventSource does: by GET, and resuming by `Last-Event-ID`. */
export async function openGraphQLEvents(base: string, options: ReaderOptions): Promise<Reader> {
  const { channels: names, last, after, headers = {} } = options;
  const resuming = after?.includes('.') ? { 'last-event-id': after } : undefined;
  const variables = { names, last, after: resuming ? undefined : after };
  const query = new URLSearchParams({ query: SUBSCRIPTION, variables: JSON.stringify(variables) });
  const response = await openResponse(`${base}/graphql?${query}`, {
    headers: { accept: 'text/event-stream', ...resuming, ...headers },
  }).catch((cause) => {
    throw new Disconnected('no response', { cause });
  });
  if (response.statusCode !== 200) throw new Refused(response.statusCode ?? 0);
  const arrivals = new Arrivals();
  const read = createEventStreamReader(({ id, type, data }) => {
    if (type === 'position') arrivals.reach(id);
    else if (type === 'error') arrivals.end(new Disconnected(data));
    else if (type === 'next') arrivals.push(itemOfEvent(JSON.parse(data).data.channel));
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

/** Where reading begins; `start` where something is there before it. */
async function positionOf(
  base: string,
  { channels: names, after, last, headers = {} }: ReaderOptions,
): Promise<string> {
  const answer = await send(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: POSITION, variables: { names, after, last } }),
  }).catch((cause) => {
    throw new Disconnected('no response', { cause });
  });
  if (answer.status !== 200) throw new Refused(answer.status);
  const { messages, position } = answer.json().data.messages;
  return messages.length === 0 ? position : 'start';
}

/** An event as the subscription above asks for it. */
function itemOfEvent(event: Record<string, unknown>): Item {
  const { __typename, ...fields } = event;
  if (__typename === 'Gap') {
    const { lost: from, ...gap } = fields;
    return { kind: 'gap', gap: { ...gap, from } as Extract<Item, { kind: 'gap' }>['gap'] };
  }
  const { encoding, data, ...rest } = fields;
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  const message = {
    ...Object.fromEntries(given),
    data: encoding === 'base64' ? bytesOf(data as string) : data,
  };
  return { kind: 'message', message: message as Extract<Item, { kind: 'message' }>['message'] };
}
