import { TRANSPORT_NAMES } from '../../protocol/transport-name.ts';
import { TRANSPORTS } from './transports.ts';

/** What the console tells of a view of the channels that has clients of its own. */
export interface EndpointFacts {
  /** The name that people use. */
  readonly label: string;
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
}

export const ENDPOINTS: readonly EndpointFacts[] = [
  {
    label: 'GraphQL',
    how: 'Subscriptions over a WebSocket or as server-sent events, queries and mutations over HTTP, one schema for all channels.',
    when: 'Applications that have Apollo Client, urql, Relay or graphql-ws already. Each event carries its position, from which the subscription resumes.',
    connections: { 'graphql-ws': 'GraphQL over WebSocket', 'graphql-sse': 'GraphQL over SSE' },
    option: '--graphql',
    start: (channel) => `const query = \`subscription {
  channel(names: ["${channel}"]) { ... on Message { id data } }
}\`;
const source = new EventSource('/graphql?query=' + encodeURIComponent(query));
source.addEventListener('next', (event) => show(JSON.parse(event.data).data.channel.data));`,
  },
  {
    label: 'gRPC',
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
  },
];

/** A CSS colour for what is no transport of the SDK. */
const COLOUR = 'color-mix(in srgb, var(--accent) 12%, var(--card))';

/** How people say what the hub lists a connection as, and its share of a plot; as it stands, where nothing here says it. */
export function connectionFacts(listed: string): { readonly label: string; readonly colour: string } {
  const name = TRANSPORT_NAMES.find((each) => each === listed);
  if (name) return TRANSPORTS[name];
  const label = ENDPOINTS.map(({ connections }) => connections[listed]).find(Boolean) ?? listed;
  return { label, colour: COLOUR };
}
