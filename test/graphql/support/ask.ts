import type { TestContext } from 'node:test';
import { type GraphQLOptions, graphql } from '../../../src/graphql/index.ts';
import type { HubOptions } from '../../../src/index.ts';
import { type Answer, send } from '../../support/http.ts';
import { startHub } from '../../support/hub.ts';

/** Starts a hub that serves GraphQL, for as long as the test lasts. */
export async function startGraphQL(t: TestContext, options: HubOptions = {}, own: GraphQLOptions = {}) {
  const started = await startHub(t, { endpoints: [graphql(own)], ...options });
  return { ...started, endpoint: `${started.url}/graphql` };
}

export type Sent = Readonly<Record<string, unknown>>;

/** Sends an operation by POST. */
export function ask(
  endpoint: string,
  body: Sent | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
