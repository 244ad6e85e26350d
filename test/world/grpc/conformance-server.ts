// The service that connectconformance asks for, on a hub's port and by what answers the hub's own calls. It is told by standard input
// what to serve, and tells by standard output where.

import { setTimeout as sleep } from 'node:timers/promises';
import { type DescMessage, type DescService, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { type Any, anyPack } from '@bufbuild/protobuf/wkt';
import { type Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { endOf } from '../../../src/grpc/call.ts';
import { openServices } from '../../../src/grpc/endpoint.ts';
import { createHub } from '../../../src/index.ts';
import { found, make, only, openStream, typesIn } from './described-service.ts';

interface Header {
  readonly name: string;
  readonly value: readonly string[];
}

interface Definition {
  readonly responseHeaders: readonly Header[];
  readonly responseTrailers: readonly Header[];
  readonly responseDelayMs: number;
  /** Of a stream. */
  readonly responseData: readonly Uint8Array[];
  readonly error?: Failure;
  /** Of one answer. */
  readonly response: { readonly case?: string; readonly value?: unknown };
}

interface Failure {
  readonly code: Code;
  readonly message?: string;
  readonly details: readonly Any[];
}

type Request = Message & { readonly responseDefinition?: Definition; readonly fullDuplex?: boolean };

const [descriptors = ''] = process.argv.slice(2);
const registry = typesIn(descriptors);
const message = (name: string) => found(registry.getMessage(`connectrpc.conformance.v1.${name}`));

const ConformancePayload = message('ConformancePayload');
const RequestInfo = message('ConformancePayload.RequestInfo');

function infoOf(context: HandlerContext, requests: readonly Message[]): Message {
  const timeout = context.timeoutMs();
  const query = new URL(context.url).searchParams;
  const queryParams = [...query.keys()].map((name) => ({ name, value: query.getAll(name) }));
  return make(RequestInfo, {
    requestHeaders: [...context.requestHeader].map(([name, value]) => ({ name, value: [value] })),
    ...(timeout !== undefined && { timeoutMs: BigInt(Math.round(timeout)) }),
    requests: requests.map((request) =>
      anyPack(found(registry.getMessage(request.$typeName)), request as never),
    ),
    ...(context.requestMethod === 'GET' && { connectGetInfo: { queryParams } }),
  });
}

function tell(headers: Headers, given: readonly Header[] = []): void {
  for (const { name, value } of given) for (const one of value) headers.append(name, one);
}

function failure({ code, message: text = '', details }: Failure, info?: Message): ConnectError {
  const error = new ConnectError(text, code);
  const all = info ? [...details, anyPack(RequestInfo, info as never)] : details;
  error.details = all.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1),
    value,
  }));
  return error;
}

async function answer(
  definition: Definition | undefined,
  context: HandlerContext,
  requests: readonly Message[],
) {
  const info = infoOf(context, requests);
  tell(context.responseHeader, definition?.responseHeaders);
  tell(context.responseTrailer, definition?.responseTrailers);
  if (definition?.responseDelayMs) await sleep(definition.responseDelayMs);
  const response: Definition['response'] = definition?.response ?? {};
  if (response.case === 'error') throw failure(response.value as Failure, info);
  return { payload: make(ConformancePayload, { data: response.value as Uint8Array, requestInfo: info }) };
}

function stream(
  output: DescMessage,
  requests: AsyncIterable<Request>,
  context: HandlerContext,
): AsyncIterable<never> {
  return endOf(async () => {
    const taken: Request[] = [];
    let first: Request | undefined;
    let write: ((payload: object) => void) | undefined;
    let told = 0;
    const left = () => told < (first?.responseDefinition?.responseData.length ?? 0);
    const next = async (asked: readonly Request[]) => {
      const { responseData, responseDelayMs } = first!.responseDefinition!;
      if (responseDelayMs) await sleep(responseDelayMs);
      context.signal.throwIfAborted();
      const requestInfo = asked.length > 0 ? infoOf(context, asked) : undefined;
      write!({ payload: make(ConformancePayload, { data: responseData[told], requestInfo }) });
      told += 1;
    };
    for await (const request of requests) {
      if (!first) {
        first = request;
        tell(context.responseHeader, first.responseDefinition?.responseHeaders);
        tell(context.responseTrailer, first.responseDefinition?.responseTrailers);
        if (left()) write = openStream(registry, output, context);
      }
      taken.push(request);
      if (!first.fullDuplex) continue;
      // The client waits for an answer to each, and for the end where there is none left.
      if (!left()) break;
      await next(taken.splice(0));
    }
    while (left()) await next(told === 0 ? taken : []);
    const error = first?.responseDefinition?.error;
    if (error) throw failure(error, told === 0 ? infoOf(context, taken) : undefined);
  });
}

const service: DescService = found(registry.getService('connectrpc.conformance.v1.ConformanceService'));
const outputOf = (name: string) => service.method[name]!.output;

const endpoint = {
  name: 'conformance',
  open: (host: Parameters<typeof openServices>[0]) =>
    openServices(host, (router) => {
      router.service(
        service,
        {
          unary: (request: Request, context: HandlerContext) =>
            answer(request.responseDefinition, context, [request]),
          idempotentUnary: (request: Request, context: HandlerContext) =>
            answer(request.responseDefinition, context, [request]),
          async clientStream(requests: AsyncIterable<Request>, context: HandlerContext) {
            const taken: Request[] = [];
            for await (const request of requests) taken.push(request);
            return answer(taken[0]?.responseDefinition, context, taken);
          },
          serverStream: (request: Request, context: HandlerContext) =>
            stream(outputOf('serverStream'), only(request), context),
          bidiStream: (requests: AsyncIterable<Request>, context: HandlerContext) =>
            stream(outputOf('bidiStream'), requests, context),
        } as never,
        // The suite's messages hold others, by the names of their types.
        { jsonOptions: { registry } },
      );
    }),
};

const asked = await new Promise<
  Message & {
    useTls: boolean;
    messageReceiveLimit: number;
    serverCreds?: { cert: Uint8Array; key: Uint8Array };
  }
>((resolve) => {
  let bytes = Buffer.alloc(0);
  process.stdin.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
    if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt32BE()) return;
    resolve(fromBinary(message('ServerCompatRequest'), bytes.subarray(4)) as never);
  });
});
const hub = createHub({ endpoints: [endpoint], onError() {} });
const { serverCreds: creds } = asked;
const { port } = await hub.listen({
  port: 0,
  ...(asked.useTls && creds && { tls: { cert: Buffer.from(creds.cert), key: Buffer.from(creds.key) } }),
});
const told = toBinary(
  message('ServerCompatResponse'),
  make(message('ServerCompatResponse'), { host: '127.0.0.1', port, pemCert: creds?.cert }) as never,
);
const length = Buffer.alloc(4);
length.writeUInt32BE(told.length);
process.stdout.write(Buffer.concat([length, told]));
