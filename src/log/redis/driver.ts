import { missingPackages } from '../kit/unavailable.ts';

/** What is used of a node-redis client, which `redis` and `@redis/client` give alike. */
export interface RedisClient {
  readonly options?:
    | { readonly database?: number | undefined; readonly socket?: object | undefined }
    | undefined;
  duplicate(overrides?: object): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(args: readonly (string | Buffer)[], options?: object): Promise<unknown>;
  subscribe(channels: string[], listener: AnnouncementListener, asBuffers: true): Promise<unknown>;
  unsubscribe(channel: string, listener: AnnouncementListener, asBuffers: true): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export type AnnouncementListener = (message: Buffer, channel: Buffer) => void;

/** RESP's bulk strings come as bytes, so that payloads stay what they are. */
export const AS_BYTES = { typeMapping: { 36: Buffer } };

export async function createClient(url: string): Promise<RedisClient> {
  const driver = await import('@redis/client').catch((cause) => {
    throw missingPackages('Redis', ['@redis/client'], cause);
  });
  return driver.createClient({ url }) as unknown as RedisClient;
}

/**
 * A connection of fanwire's own with the settings of a client. It queues nothing while it is not connected,
 * and does not come back by itself: both have time limits here that the driver's would not keep.
 */
export function connectionLike(client: RedisClient, connectTimeoutMs: number): RedisClient {
  const { socket } = client.options ?? {};
  return client.duplicate({
    disableOfflineQueue: true,
    socket: { ...socket, connectTimeout: connectTimeoutMs, reconnectStrategy: false },
  }) as RedisClient;
}
