import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { endOf } from '../../../src/grpc/call.ts';
import { openServices } from '../../../src/grpc/endpoint.ts';
import type { Endpoint } from '../../../src/index.ts';
import { makeDirectory } from '../../support/directory.ts';
import { startHub } from '../../support/hub.ts';
import { found, only, openStream, typesIn } from './described-service.ts';

const run = promisify(execFile);

/** Those of https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md that ask for no compression, Google's credentials or load reports. */
const CASES = [
  'empty_unary',
  'large_unary',
  'client_streaming',
  'server_streaming',
  'ping_pong',
  'empty_stream',
  'timeout_on_sleeping_server',
  'cancel_after_begin',
  'cancel_after_first_response',
  'status_code_and_message',
  'special_status_message',
  'custom_metadata',
  'unimplemented_method',
  'unimplemented_service',
];

const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';

interface UnaryRequest {
  readonly responseSize: number;
  readonly responseStatus?: { readonly code: Code; readonly message: string };
}
interface InputRequest {
  readonly payload?: { readonly body: Uint8Array };
}
type OutputRequest = Pick<UnaryRequest, 'responseStatus'> & {
  readonly responseParameters: readonly { readonly size: number }[];
};

const payloadOf = (size: number) => ({ payload: { body: new Uint8Array(size) } });

function echo({ requestHeader, responseHeader, responseTrailer }: HandlerContext): void {
  const initial = requestHeader.get(INITIAL);
  if (initial !== null) responseHeader.set(INITIAL, initial);
  const trailing = requestHeader.get(TRAILING);
  if (trailing !== null) responseTrailer.set(TRAILING, trailing);
}

function assertNoError({ responseStatus: status }: Pick<UnaryRequest, 'responseStatus'>): void {
  if (status) throw new ConnectError(status.message, status.code);
}

/** The service that the client asks for, by what answers the hub's own calls. */
async function interopEndpoint(t: TestContext): Promise<Endpoint> {
  const descriptors = join(await makeDirectory(t), 'interop.binpb');
  execFileSync('protoc', ['-I', 'test/world/grpc', `--descriptor_set_out=${descriptors}`, 'interop.proto']);
  const registry = typesIn(descriptors);
  const service = found(registry.getService('grpc.testing.TestService'));
  const output = found(registry.getMessage('grpc.testing.PayloadResponse'));

  const answerEach = (requests: AsyncIterable<OutputRequest>, context: HandlerContext) =>
    endOf(async () => {
      echo(context);
      let write: ((message: object) => void) | undefined;
      for await (const request of requests) {
        assertNoError(request);
        write ??= openStream(registry, output, context);
        for (const { size } of request.responseParameters) write(payloadOf(size));
      }
    });

  const services = {
    emptyCall: () => ({}),
    unaryCall(request: UnaryRequest, context: HandlerContext) {
      echo(context);
      assertNoError(request);
      return payloadOf(request.responseSize);
    },
    async streamingInputCall(requests: AsyncIterable<InputRequest>) {
      let size = 0;
      for await (const { payload } of requests) size += payload?.body.length ?? 0;
      return { aggregatedPayloadSize: size };
    },
    streamingOutputCall: (request: OutputRequest, context: HandlerContext) =>
      answerEach(only(request), context),
    fullDuplexCall: answerEach,
  };
  return {
    name: 'interop',
    open: (host) => openServices(host, (router) => void router.service(service, services as never)),
  };
}

/** @throws with what the client says unless it has nothing against what comes */
async function ask(port: number, name: string): Promise<void> {
  await run('.build/world/bin/client', [
    '--server_host=127.0.0.1',
    `--server_port=${port}`,
    `--test_case=${name}`,
  ]);
}

test('grpc-go’s interop client has nothing against how calls are answered', async (t) => {
  const { port } = await startHub(t, { endpoints: [await interopEndpoint(t)] });
  for (const name of CASES) await t.test(name, () => ask(port, name));
  // It can fail.
  await assert.rejects(ask(1, 'empty_unary'));
});
