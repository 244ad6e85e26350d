import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import { tap } from 'rxjs';
import { WebSocket } from 'ws';
import type { FanwireHub } from '../../src/index.ts';
import type { Middlebox } from '../../src/lab/middlebox/middlebox.ts';
import { reset } from '../../src/lab/middlebox/treatments.ts';
import { onEnd } from '../support/on-end.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { startGraphQL } from './support/ask.ts';

const CUTS = 50;
/** Between two cuts: one before it, one while the client is away, one later. */
const PUBLISHED = 3;
const RETAINED = 20;
const QUERY = `subscription ($names: [String!]!, $after: Position) {
  channel(names: $names, after: $after) { __typename ... on Message { id data } ... on Gap { channel from to reason } }
}`;
const POSITION = '{ messages(channels: ["feed"], after: "now") { position } }';

type Event =
  | { readonly __typename: 'Message'; readonly id: string; readonly data: number }
  | { readonly __typename: 'Gap'; readonly from: string; readonly to: string; readonly reason: string };
interface Variables {
  readonly names: readonly string[];
  after: string;
}
/** Subscribes with a client of somebody else's, which is to come back by itself. */
type Subscribe = (t: TestContext, url: string, variables: Variables, event: (event: Event) => void) => void;

const viaGraphqlWs: Subscribe = (t, url, variables, event) => {
  // What resumes it: the client sends the same variables again, and they know how far it has come.
  webSocketClient(t, url).subscribe<{ channel: Event }>(
    { query: QUERY, variables: variables as unknown as Record<string, unknown> },
    {
      next({ data }) {
        const { channel } = data!;
        if (channel.__typename === 'Message') variables.after = channel.id;
        event(channel);
      },
      error: (error) => assert.fail(String(error)),
      complete() {},
    },
  );
};

const viaApollo: Subscribe = (t, url, variables, event) => {
  // The same for every subscription of an Apollo Client.
  const resuming = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        const id = (data as { channel?: { id?: string } } | undefined)?.channel?.id;
        if (id !== undefined) operation.variables.after = id;
      }),
    ),
  );
  const client = new ApolloClient({
    link: ApolloLink.from([resuming, new GraphQLWsLink(webSocketClient(t, url))]),
    cache: new InMemoryCache(),
  });
  client
    .subscribe<{ channel: Event }>({
      query: gql(QUERY),
      variables: { ...variables },
      fetchPolicy: 'no-cache',
    })
    .subscribe(({ data, error }) => {
      if (error) assert.fail(error.message);
      event(data!.channel);
    });
  onEnd(t, () => client.stop());
};

const viaGraphqlSse: Subscribe = (t, url, variables, event) => {
  const client = createSseClient({
    url: `${url}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: () => new Promise(setImmediate),
  });
  onEnd(t, () => client.dispose());
  client.subscribe<{ channel: Event }>(
    { query: QUERY, variables: variables as unknown as Record<string, unknown> },
    {
      next({ data }) {
        const { channel } = data!;
        if (channel.__typename === 'Message') variables.after = channel.id;
        event(channel);
      },
      error: (error) => assert.fail(String(error)),
      complete() {},
    },
  );
};

function webSocketClient(t: TestContext, url: string): Client {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise(setImmediate),
    shouldRetry: () => true,
  });
  onEnd(t, () => client.dispose());
  return client;
}

for (const [name, subscribe] of [
  ['a graphql-ws client', viaGraphqlWs],
  ['Apollo Client', viaApollo],
  ['a graphql-sse client', viaGraphqlSse],
] as const) {
  test(`${name} cut ${CUTS} times gets each message once, and is told what is lost`, async (t) => {
    const { hub, port, endpoint } = await startGraphQL(t, {
      channels: { feed: { retain: { count: RETAINED } } },
    });
    const proxy = await startProxy(t, port);
    const answer = await fetch(`${endpoint}?query=${encodeURIComponent(POSITION)}`);
    const { position } = (await answer.json()).data.messages;
    const events: Event[] = [];
    let wake = () => {};
    subscribe(t, proxy.url, { names: ['feed'], after: position }, (event) => {
      events.push(event);
      wake();
    });
    const arrived = async (count: number) => {
      while (events.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    for (let cut = 0; cut < CUTS; cut++) await publishAcrossCut(hub, proxy, cut * PUBLISHED, arrived);
    assert.deepEqual(
      events.map((event) => event.__typename === 'Message' && event.data),
      [...Array(CUTS * PUBLISHED).keys()],
    );
    await loseSome(hub, proxy, events, arrived);
  });
}

async function publishAcrossCut(
  hub: FanwireHub,
  proxy: Middlebox,
  from: number,
  arrived: (count: number) => Promise<void>,
): Promise<void> {
  await proxy.until(() => proxy.open > 0);
  await hub.publish('feed', from);
  const next = proxy.nextRequest();
  proxy.resetAll();
  await hub.publish('feed', from + 1);
  await next;
  await hub.publish('feed', from + 2);
  await arrived(from + PUBLISHED);
}

/** Keeps the client away until retention has removed some of what it has to get. */
async function loseSome(
  hub: FanwireHub,
  proxy: Middlebox,
  events: Event[],
  arrived: (count: number) => Promise<void>,
): Promise<void> {
  const before = events.length;
  const last = events.at(-1) as Extract<Event, { __typename: 'Message' }>;
  const heal = proxy.use(reset);
  proxy.resetAll();
  const ids: string[] = [];
  for (let lost = 0; lost < RETAINED * 2; lost++) ids.push((await hub.publish('feed', -lost)).id);
  heal();
  await arrived(before + 1 + RETAINED);
  const [gap, ...rest] = events.slice(before);
  assert.deepEqual(gap, {
    __typename: 'Gap',
    channel: 'feed',
    from: last.id,
    to: ids.at(-RETAINED - 1),
    reason: 'trimmed',
  });
  assert.deepEqual(
    rest.map((event) => event.__typename === 'Message' && event.id),
    ids.slice(-RETAINED),
  );
}
