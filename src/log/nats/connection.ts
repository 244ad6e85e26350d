import { isIP } from 'node:net';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { Runtime } from '../../protocol/runtime.ts';
import { newName } from '../kit/names.ts';
import { missingPackages } from '../kit/unavailable.ts';
import type { NatsLogOptions } from './options.ts';
import { DIGEST_HEADER, EPOCH_HEADER, HEADER } from './record.ts';

/** A connection and what JetStream's driver makes of it. */
export interface JetStreamConnection {
  readonly client: NatsConnection;
  readonly jetStream: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly runtime: Runtime;
  /** A subject that this connection alone listens to, with whatever is behind it. */
  readonly inbox: string;
  /** Headers that hold fanwire's own, and the epoch. @param digest of a message that has a key */
  headers(own: string, epoch: string, digest?: string): MsgHdrs;
}

const RECONNECT_MS = 500;
const DEFAULT_URL = 'nats://127.0.0.1:4222';

export type Driver = Awaited<ReturnType<typeof loadDriver>>;

/** Connects once. After that the driver comes back by itself, for ever. */
export async function openConnection(
  { connect, headers, jetstream, jetstreamManager }: Driver,
  options: NatsLogOptions & { readonly timeoutMs: number },
  closing: AbortSignal,
  runtime: Runtime,
): Promise<JetStreamConnection> {
  const { timeoutMs } = options;
  const client =
    options.connection ??
    (await connect({
      name: 'fanwire',
      timeout: timeoutMs,
      reconnectDelayHandler() {
        // Without this a connection that is closed while it is lost would be sought for ever.
        closing.throwIfAborted();
        return RECONNECT_MS * (0.5 + runtime.random());
      },
      // A server that leaves two of them unanswered is given up.
      pingInterval: timeoutMs,
      // Each call would trace its stack, for an error that may come of it: a third of what the call costs.
      noAsyncTraces: true,
      maxPingOut: 2,
      ...connectionTo(options),
      maxReconnectAttempts: -1,
      // A server may refuse for a while, as one does whose users are being changed.
      ignoreAuthErrorAbort: true,
    }));
  return {
    client,
    runtime,
    inbox: `${inboxPrefixOf(client)}.${newName(runtime)}`,
    jetStream: jetstream(client, { timeout: timeoutMs }),
    manager: await jetstreamManager(client, { timeout: timeoutMs, checkAPI: false }),
    headers(own, epoch, digest) {
      const made = headers();
      made.set(HEADER, own);
      made.set(EPOCH_HEADER, epoch);
      if (digest !== undefined) made.set(DIGEST_HEADER, digest);
      return made;
    },
  };
}

/** Where a server lets this user listen to answers. The driver's types lack it, and its package for JetStream reads it so too. */
function inboxPrefixOf(client: NatsConnection & { readonly options?: NodeConnectionOptions }): string {
  return client.options?.inboxPrefix ?? '_INBOX';
}

export async function loadDriver() {
  try {
    return { ...(await import('@nats-io/transport-node')), ...(await import('@nats-io/jetstream')) };
  } catch (cause) {
    throw missingPackages('NATS', ['@nats-io/transport-node', '@nats-io/jetstream'], cause);
  }
}

function connectionTo({ url = DEFAULT_URL, connect = {} }: NatsLogOptions) {
  const { tls, ...servers } = serversOf(url);
  const wanted = tls || connect.tls ? { tls: { ...tls, ...connect.tls } } : {};
  return { ...servers, ...connect, ...wanted };
}

/** The driver takes no credentials in a URL. Those of the first are for all servers. */
export function serversOf(url: string | readonly string[]) {
  const urls = (typeof url === 'string' ? url.split(',') : url).map((one) => new URL(one.trim()));
  const { username, password, hostname } = urls[0]!;
  const user = decodeURIComponent(username);
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || 4222}`),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: identityOf(hostname) } : {}),
    ...(password ? { user, pass: decodeURIComponent(password) } : user ? { token: user } : {}),
  };
}

/** Whose certificate is wanted: without a name the driver leaves it to Node, which takes an address for localhost. */
function identityOf(hostname: string): { readonly host?: string } {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) ? { host: address } : {};
}
