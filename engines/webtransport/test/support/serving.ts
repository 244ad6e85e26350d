import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { WebTransport } from '../../src/client/index.ts';
import type { EngineLimits } from '../../src/limits.ts';
import { Server, type SessionRequest } from '../../src/server.ts';
import type { Session } from '../../src/session.ts';
import { type SelfSigned, selfSigned } from './self-signed.ts';

interface Serving {
  server: Server;
  certificate: SelfSigned;
  /** A client of the server's, ready; it is closed before the server is. */
  connect(path?: string): Promise<WebTransport>;
  /** The next session that a client asks for, accepted. */
  accepted(): Promise<Session>;
  /** The next error that the server's owner is told of. */
  failed(): Promise<unknown>;
}

interface ServingOptions {
  limits?: Partial<EngineLimits>;
  /** In place of accepting. */
  onSession?: (request: SessionRequest) => void;
}

/** A server on loopback until the test's end, which no error may reach that the test did not wait for. */
export async function startServing(t: TestContext, options: ServingOptions = {}): Promise<Serving> {
  const certificate = selfSigned();
  const sessions = queue<Session>();
  const errors = queue<unknown>();
  const clients: WebTransport[] = [];
  const { cert, key } = certificate;
  const server = new Server(
    {
      cert,
      key,
      host: '127.0.0.1',
      port: 0,
      limits: options.limits ?? {},
      onSession: options.onSession ?? ((request) => sessions.put(request.accept())),
      onError: errors.put,
    },
    { address: '127.0.0.1', family: 4, port: 0 },
  );
  await server.start();
  t.after(async () => {
    for (const client of clients) client.close();
    await server.close();
    assert.deepEqual(errors.left, []);
  });
  return {
    server,
    certificate,
    accepted: sessions.take,
    failed: errors.take,
    async connect(path = '/') {
      const client = clientOf(server.port, certificate, path);
      clients.push(client);
      await client.ready;
      return client;
    },
  };
}

/** A client that trusts this certificate; whoever makes it closes it. */
export function clientOf(port: number, certificate: SelfSigned, path = '/'): WebTransport {
  const serverCertificateHashes = [{ algorithm: 'sha-256', value: certificate.hash }];
  return new WebTransport(`https://127.0.0.1:${port}${path}`, { serverCertificateHashes });
}

/** Hands on what is put, in order, to who waits or comes later. */
export function queue<T>() {
  const left: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    left,
    put(item: T) {
      const first = waiting.shift();
      if (first) first(item);
      else left.push(item);
    },
    take: async (): Promise<T> =>
      left.length > 0 ? left.shift()! : new Promise((resolve) => waiting.push(resolve)),
  };
}
