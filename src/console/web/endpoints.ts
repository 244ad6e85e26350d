import { TRANSPORT_NAMES, type TransportName } from '../../protocol/transport-name.ts';
import { type EndpointName, isEndpointName } from '../endpoint-name.ts';
import { TRANSPORTS, type TransportFacts } from './transports.ts';

/** What the console tells of a view of the channels that has clients of its own. */
export interface EndpointFacts {
  /** The name that people use. */
  readonly label: string;
  /** A CSS colour: its own, wherever it is drawn. */
  readonly colour: string;
  /** What it is, in a sentence. */
  readonly how: string;
  /** Whom it is for. */
  readonly when: string;
  /** What the hub lists its connections as, and how people say it. */
  readonly connections: Readonly<Record<string, string>>;
  /** The option of `fanwire serve` that it takes. */
  readonly option: string;
  /** Code to start with. A test runs it. */
  readonly start: (channel: string) => string;
  /** What the playground reads by it, and what the field says of that. */
  readonly lane: Pick<TransportFacts, 'how' | 'claims'>;
}

/** An endpoint without a row here does not compile. */
export const ENDPOINTS: Readonly<Record<EndpointName, EndpointFacts>> = {
  graphql: {
    label: 'GraphQL',
    colour: 'var(--graphql)',
    how: 'Subscriptions over a WebSocket or as server-sent events, queries and mutations over HTTP, one schema for all channels.',
    when: 'Applications that have Apollo Client, urql, Relay or graphql-ws already. Each event carries its position, from which the subscription resumes.',
    connections: { 'graphql-ws': 'GraphQL over WebSocket', 'graphql-sse': 'GraphQL over SSE' },
    option: '--graphql',
    start: (channel) => `const query = \`subscription {
  channel(names: ["${channel}"]) { ... on Message { id data } }
}\`;
const source = new EventSource('/graphql?query=' + encodeURIComponent(query));
source.addEventListener('next', (event) => show(JSON.parse(event.data).data.channel.data));`,
    lane: {
      how: 'A subscription over a WebSocket of the subprotocol graphql-transport-ws.',
      claims: {
        delay: () => 'near-instant',
        requests: () => 'one upgrade',
        bytes: 'a frame, and the envelope next around the fields asked for',
      },
    },
  },
  grpc: {
    label: 'gRPC',
    colour: 'var(--grpc)',
    how: 'gRPC, gRPC-Web and Connect at one address: streams that begin after a position, publishing one by one or on a stream, health and reflection.',
    when: 'Services in Go, Python, Java and others, which keep the position in their own database. Connect takes JSON, as here.',
    option: '--grpc',
    connections: { grpc: 'gRPC', 'grpc-web': 'gRPC-Web', connect: 'Connect' },
    start: (channel) => `const call = async (method, request) => {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(request);
  return (await fetch('/fanwire.v1.Hub/' + method, { method: 'POST', headers, body })).json();
};
await call('Publish', { channel: '${channel}', data: btoa('{"hello":"gRPC"}') });
const { messages } = await call('Read', { channels: ['${channel}'], last: 1 });
show(JSON.parse(atob(messages[0].data)));`,
    lane: {
      how: 'A call of Subscribe by Connect, with fetch: one answer that never ends, in envelopes.',
      claims: {
        delay: () => 'near-instant',
        requests: () => 'one that stays open',
        bytes: '5 bytes of envelope and a chunk; as JSON, the data in base64',
      },
    },
  },
};

/** A CSS colour for what the console does not know. */
const COLOUR = 'color-mix(in srgb, var(--accent) 12%, var(--card))';

/** How people say what the hub lists a connection as, and its share of a plot; as it stands, where nothing here says it. */
export function connectionFacts(listed: string): { readonly label: string; readonly colour: string } {
  const name = TRANSPORT_NAMES.find((each) => each === listed);
  if (name) return TRANSPORTS[name];
  for (const { connections, colour } of Object.values(ENDPOINTS)) {
    const label = connections[listed];
    if (label) return { label, colour };
  }
  return { label: listed, colour: COLOUR };
}

/** What a page can read a channel by: a transport of the SDK, or an endpoint. */
export type WireName = TransportName | EndpointName;

export type WireFacts = Pick<TransportFacts, 'label' | 'colour' | 'asksAgain' | 'how' | 'claims'>;

export function wireFacts(name: WireName): WireFacts {
  if (!isEndpointName(name)) return TRANSPORTS[name];
  const { label, colour, lane } = ENDPOINTS[name];
  return { label, colour, asksAgain: false, ...lane };
}
