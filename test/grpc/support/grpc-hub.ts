import type { TestContext } from 'node:test';
import { type Client, createClient, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import { grpc, Hub } from '../../../src/grpc/index.ts';
import type { HubOptions } from '../../../src/index.ts';
import { startHub, type TestHub } from '../../support/hub.ts';
import { onEnd } from '../../support/on-end.ts';

export type HubClient = Client<typeof Hub>;

/** A hub with its gRPC endpoint. */
export function startGrpcHub(t: TestContext, options: HubOptions = {}, port = 0): Promise<TestHub> {
  return startHub(t, { endpoints: [grpc()], ...options }, port);
}

/** Every protocol and version of HTTP that a client can come by. */
export const CLIENTS: Readonly<
  Record<string, (baseUrl: string, sessions: Http2SessionManager) => Transport>
> = {
  gRPC: (baseUrl, sessionManager) => createGrpcTransport({ baseUrl, sessionManager }),
  'gRPC in JSON': (baseUrl, sessionManager) =>
    createGrpcTransport({ baseUrl, sessionManager, useBinaryFormat: false }),
  'gRPC-Web over HTTP/1.1': (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  'gRPC-Web over HTTP/2': (baseUrl, sessionManager) =>
    createGrpcWebTransport({ baseUrl, sessionManager, httpVersion: '2' }),
  'Connect over HTTP/1.1': (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  'Connect over HTTP/2': (baseUrl, sessionManager) =>
    createConnectTransport({ baseUrl, sessionManager, httpVersion: '2', useBinaryFormat: true }),
};

/** A client for as long as the test lasts. */
export function openClient(t: TestContext, url: string, kind = 'gRPC'): HubClient {
  const sessions = new Http2SessionManager(url);
  onEnd(t, () => sessions.abort());
  return createClient(Hub, CLIENTS[kind]!(url, sessions));
}

/** Of JSON. */
export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
