/** What the console tells of a view of the channels that has clients of its own. */
export interface EndpointFacts {
  /** The name that people use. */
  readonly label: string;
  /** What it is, in a sentence. */
  readonly how: string;
  /** Whom it is for. */
  readonly when: string;
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
    option: '--graphql',
    start: (channel) => `const query = \`subscription {
  channel(names: ["${channel}"]) { ... on Message { id data } }
}\`;
const source = new EventSource('/graphql?query=' + encodeURIComponent(query));
source.addEventListener('next', (event) => show(JSON.parse(event.data).data.channel.data));`,
  },
];
