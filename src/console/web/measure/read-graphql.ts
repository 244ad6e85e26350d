import { GRAPHQL_PATH } from '../../endpoint-name.ts';
import { hubUrl } from '../shell/connection.ts';
import { readToken } from '../shell/operator-token.ts';
import type { LaneMessage } from './lane-source.ts';
import { type ReadOnce, Refused } from './resuming.ts';

const PLACE = `query ($channels: [String!]!) { messages(channels: $channels, after: "now") { position } }`;

const SUBSCRIPTION = `subscription ($channels: [String!]!, $after: Position) {
  channel(names: $channels, after: $after) {
    ... on Message { id channel from time data }
    ... on Gap { to }
  }
}`;

interface GraphQLError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** What the hub sends, of the messages of graphql-transport-ws. */
type Told =
  | { readonly type: 'connection_ack' | 'ping' | 'pong' }
  | { readonly type: 'complete'; readonly id: string }
  | { readonly type: 'error'; readonly payload: readonly GraphQLError[] }
  | { readonly type: 'next'; readonly payload: Result };

interface Result {
  readonly errors?: readonly GraphQLError[];
  readonly data?: {
    readonly messages?: { readonly position: string };
    readonly channel?: LaneMessage | { readonly to: string };
  } | null;
}

/** Of graphql-transport-ws: unauthorized, forbidden. */
const REFUSAL_CLOSES = [4401, 4403];
const REFUSALS = ['unauthenticated', 'forbidden'];

/** Reads by a subscription over a WebSocket of graphql-transport-ws, with nothing but what browsers have. */
export const read: ReadOnce = (channel, listener, place, signal) =>
  new Promise((resolve, reject) => {
    const url = listener.requesting(`${hubUrl()}${GRAPHQL_PATH}`.replace(/^http/, 'ws'));
    // Here, because a token in the first message would be recorded by the inspector, and one in a head is overwritten.
    const token = readToken();
    const socket = new WebSocket(url, ['graphql-transport-ws', ...(token ? [`bearer.${token}`] : [])]);
    const send = (message: object) => socket.send(JSON.stringify(message));
    const ask = (id: 'place' | 'channel', query: string, variables: object = {}) => {
      const payload = { query, variables: { channels: [channel], ...variables } };
      send({ id, type: 'subscribe', payload });
    };
    const subscribe = () => {
      ask('channel', SUBSCRIPTION, { after: place.position });
      listener.connected();
    };
    const take = ({ errors, data }: Result) => {
      if (errors) throw refusalOf(errors);
      if (data?.messages) place.position = data.messages.position;
      else if (data?.channel && 'id' in data.channel) {
        place.position = data.channel.id;
        listener.message(data.channel);
      } else if (data?.channel) listener.gap();
    };
    const hear = (told: Told) => {
      switch (told.type) {
        case 'ping':
          return send({ type: 'pong' });
        case 'connection_ack':
          // A subscription from now on is not told where it begins, so the place is asked for first.
          return place.position ? subscribe() : ask('place', PLACE);
        case 'next':
          return take(told.payload);
        case 'error':
          throw refusalOf(told.payload);
        case 'complete':
          if (told.id === 'place') return subscribe();
          throw new Error('the hub ended the subscription');
      }
    };

    socket.onopen = () => send({ type: 'connection_init' });
    socket.onmessage = ({ data }) => {
      try {
        hear(JSON.parse(data));
      } catch (error) {
        reject(error);
        socket.close();
      }
    };
    socket.onclose = ({ code, reason }) => {
      if (REFUSAL_CLOSES.includes(code)) reject(new Refused(reason));
      else if (code === 1006) reject(new Error('the WebSocket did not open, or broke off'));
      else resolve();
    };
    signal.addEventListener('abort', () => socket.close());
  });

function refusalOf([first]: readonly GraphQLError[]): Error {
  const { message, extensions } = first!;
  return REFUSALS.includes(extensions?.code ?? '') ? new Refused(message) : new Error(message);
}
