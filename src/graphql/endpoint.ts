import type { Endpoint } from '../server/endpoint.ts';
import { answerRequest } from './http/answer.ts';
import { refuseInWords } from './http/send.ts';
import { Documents } from './operation/documents.ts';
import { type GraphQLOptions, optionsOf } from './options.ts';
import { acceptGraphQL } from './websocket/graphql-socket.ts';

/**
 * The channels as GraphQL: queries and mutations over HTTP, subscriptions as server-sent events and over WebSockets of the
 * subprotocol graphql-transport-ws.
 *
 * ```ts
 * import { createHub } from 'fanwire';
 * import { graphql } from 'fanwire/graphql';
 *
 * const hub = createHub({ endpoints: [graphql()] });
 * ```
 * @throws TypeError for an option that is unknown or can't hold
 */
export function graphql(options: GraphQLOptions = {}): Endpoint {
  const resolved = optionsOf(options);
  const documents = new Documents(resolved);
  return {
    name: 'graphql',
    open({ basePath, retryMs }) {
      const path = `${basePath}${resolved.path}`;
      return {
        owns: (asked) => asked === path,
        methods: ['GET', 'POST'],
        cors: { allowed: ['X-Requested-With', 'GraphQL-Preflight', 'Apollo-Require-Preflight'] },
        answer: (exchange) => answerRequest(exchange, documents, retryMs),
        refuse: (reply, error) => refuseInWords(reply, error, retryMs),
        accept: (handshake) => acceptGraphQL(handshake, documents),
      };
    },
  };
}
