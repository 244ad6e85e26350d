import { setMaxListeners } from 'node:events';
import { type ConnectRouter, cors, createConnectRouter, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { FanwireError } from '../protocol/errors.ts';
import type { Endpoint, EndpointHost, OpenEndpoint } from '../server/endpoint.ts';
import { NodeCarrier } from '../server/node-carrier.ts';
import { pathOf, wholePathOf } from '../server/request-url.ts';
import type { ServerExchange, ServerReply } from '../server/server-exchange.ts';
import { answerCall } from './answer.ts';
import { CALL, type NodeExchange, REFUSAL } from './call.ts';
import { type CallBody, wholeBody } from './call-body.ts';
import { toConnectError } from './errors.ts';
import { Hub as HubDescriptor } from './gen/fanwire/v1/hub_pb.ts';
import { Health } from './gen/grpc/health/v1/health_pb.ts';
import { ServerReflection } from './gen/grpc/reflection/v1/reflection_pb.ts';
import { healthService } from './health.ts';
import { publish, publishStream } from './publish.ts';
import { read } from './read.ts';
import { reflectionService } from './reflection.ts';
import { connect } from './session.ts';
import { StreamedBody } from './streamed-body.ts';
import { subscribe } from './subscribe.ts';

/**
 * The channels of a hub as a service of gRPC, gRPC-Web and Connect, for the option `endpoints` of `createHub`: `fanwire.v1.Hub`,
 * with health and reflection beside it. Its paths begin at the root of the server, as those clients ask for them.
 */
export function grpc(): Endpoint {
  return {
    name: 'grpc',
    open: (host) =>
      openServices(host, (router) => {
        router.service(HubDescriptor, { publish, publishStream, subscribe, connect, read });
        router.service(Health, healthService(host));
        router.service(ServerReflection, reflectionService([HubDescriptor, Health, ServerReflection]));
      }),
  };
}

/** Services of Connect's as an endpoint of a hub. */
export function openServices({ hub }: EndpointHost, routes: (router: ConnectRouter) => void): OpenEndpoint {
  const shutdown = new AbortController();
  // Each call listens to it while it lasts.
  setMaxListeners(0, shutdown.signal);
  const router = createConnectRouter({
    readMaxBytes: hub.limits.bodyBytes,
    shutdownSignal: shutdown.signal,
    requestGate({ values }) {
      const refusal = values.get(REFUSAL);
      if (refusal) throw toConnectError(refusal);
    },
  });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const handlerOf = ({ request }: ServerReply): UniversalHandler =>
    // A framework may have taken off a path that clients put in front.
    (handlers.get(wholePathOf(request)) ?? handlers.get(pathOf(request)))!;

  return {
    owns: (path) => handlers.has(path),
    methods: ['POST', 'GET'],
    cors: { allowed: cors.allowedHeaders, exposed: cors.exposedHeaders },
    takesStrangers(path) {
      const handler = handlers.get(path);
      return handler?.service !== HubDescriptor || handler.method === HubDescriptor.method.connect;
    },
    async answer(exchange) {
      if (!isNodes(exchange)) {
        throw new FanwireError(
          'not_found',
          'gRPC is served by servers of Node: `listen`, `attach` or `handler`',
        );
      }
      const handler = handlerOf(exchange);
      const body = bodyOf(exchange, handler);
      const values = createContextValues().set(CALL, { exchange, body });
      try {
        await answerCall(handler, exchange.carrier, exchange.headers, body, values);
      } finally {
        body.release();
      }
    },
    refuse(reply, error) {
      const { carrier, headers, request } = reply;
      const handler = handlerOf(reply);
      const isCall = handler.supportedContentType(request.headers['content-type'] ?? '');
      if (!isCall || !(carrier instanceof NodeCarrier)) {
        reply.sendProblem(error);
        return;
      }
      const values = createContextValues().set(REFUSAL, error);
      answerCall(handler, carrier, headers, carrier.request, values).catch(() => carrier.abort());
    },
    close: () => shutdown.abort(),
  };
}

function bodyOf(exchange: NodeExchange, { method }: UniversalHandler): CallBody {
  const isStream = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
  return isStream ? new StreamedBody(exchange) : wholeBody(exchange);
}

function isNodes(exchange: ServerExchange): exchange is NodeExchange {
  return exchange.carrier instanceof NodeCarrier;
}
