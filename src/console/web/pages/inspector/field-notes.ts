import type { Field } from './dissect/head.ts';

/** Explains a field of a head. A field without a note belongs to HTTP in general, and not to a transport. */
export function noteOf({ name, value }: Field): string | undefined {
  const note = NOTES[name.toLowerCase()];
  return typeof note === 'function' ? note(value) : note;
}

const NOTES: Readonly<Record<string, string | ((value: string) => string | undefined)>> = {
  accept: (value) => {
    if (value.includes('text/event-stream')) return 'Chooses server-sent events. Every EventSource sends it.';
    if (value.includes('application/x-ndjson')) return 'Chooses HTTP streaming.';
    return value.includes('application/json') ? 'Asks for JSON: a poll.' : undefined;
  },
  prefer: 'The hub may wait so many seconds (RFC 7240). This makes a poll a long poll.',
  'preference-applied': 'The hub has done as preferred.',
  'last-event-id': 'The last id that arrived: the hub goes on after it. Only EventSource sends it by itself.',
  'if-none-match': 'The browser has an answer with this tag. If it still holds, 304 is enough.',
  etag: 'Names this state of the channel: it is the position.',
  'fanwire-position': 'The position that this answer reaches, or the stream starts from.',
  'cache-control': (value) =>
    value.includes('no-store')
      ? 'Nobody may keep this answer.'
      : 'A cache may keep it, and has to ask each time whether it still holds.',
  'content-type': (value) => {
    if (value.includes('event-stream')) return 'Tells the browser to hand out events as they come.';
    if (value.includes('connect+json'))
      return 'A stream of Connect’s: envelopes, each with a byte of flags, four of length, and JSON.';
    return value.includes('ndjson') ? 'A JSON value a line.' : undefined;
  },
  'transfer-encoding': 'The length is not known beforehand: the body comes in chunks, each with its size.',
  'content-length': 'The body has exactly so many bytes.',
  'x-accel-buffering': 'Tells nginx not to gather the answer before it passes it on.',
  connection: (value) => {
    if (/upgrade/i.test(value))
      return 'Upgrade is meant for the next hop: a proxy has to pass it on knowingly.';
    return 'The TCP connection stays open for further requests.';
  },
  upgrade: 'The protocol to change to.',
  'sec-websocket-key':
    '16 random bytes in base64. Not a secret: the answer proves that the hub speaks WebSocket.',
  'sec-websocket-version': 'The version of RFC 6455, the only one in use.',
  'sec-websocket-accept': 'Worked out from the key, below.',
  'sec-websocket-extensions':
    'What the browser could do beyond the protocol. The hub takes none: it frames a message once for all.',
  'connect-protocol-version': 'The version of Connect’s protocol.',
  'sec-websocket-protocol': (value) =>
    value === 'graphql-transport-ws'
      ? 'The language of the frames. The browser offers it, and the hub selects it.'
      : 'The languages on offer. A browser can’t set other fields here, so a token may stand among them.',
  origin: 'The page that asks, written by the browser. The hub refuses pages of other origins.',
  authorization: 'The token. The recorder has overwritten it.',
  cookie: 'The recorder has overwritten it.',
  'idempotency-key': 'A retry under the same key is not appended again.',
};
