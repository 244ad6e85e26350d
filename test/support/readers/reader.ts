import type { Gap } from '../../../src/protocol/gap.ts';

/** A message as it came off a wire; a stream of one channel does not carry its time. */
export interface WireMessage {
  readonly id: string;
  readonly channel: string;
  readonly type?: string;
  readonly from?: string;
  readonly time?: number;
  /** A JSON value, or a Uint8Array for a binary payload. */
  readonly data: unknown;
}

export type Item =
  | { readonly kind: 'message'; readonly message: WireMessage }
  | { readonly kind: 'gap'; readonly gap: Gap };

export interface ReaderOptions {
  readonly channels: readonly string[];
  /** A position, `start` or `now`. */
  readonly after?: string;
  readonly last?: number;
  /** Messages in one page, for transports that have pages. */
  readonly limit?: number;
  /** Between two questions of the transport that only polls. Default 5. */
  readonly pollIntervalMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Over HTTP/2, of which the client knows. */
  readonly http2?: boolean;
}

/** One connection that reads channels over one transport, with nothing of ours between it and the wire. */
export interface Reader {
  /** @throws Disconnected once everything that came before the end of the connection has been read */
  next(): Promise<Item>;
  /** Everything up to here has been returned by `next`. */
  readonly position: string;
  /** Stops taking bytes from the socket. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Connects; resolves once the position that reading begins from is known. @throws Disconnected, Refused */
export type OpenReader = (base: string, options: ReaderOptions) => Promise<Reader>;

/** The connection ended, whatever the reason. */
export class Disconnected extends Error {}

/** The hub answered, and the answer was no. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

export function channelUrl(
  base: string,
  { channels, after, last, limit }: ReaderOptions,
  query: Record<string, string> = {},
): string {
  const parameters = new URLSearchParams(query);
  if (after !== undefined) parameters.set('after', after);
  if (last !== undefined) parameters.set('last', String(last));
  if (limit !== undefined) parameters.set('limit', String(limit));
  return `${base}/channels/${channels.join(',')}?${parameters}`;
}

/** Reads a message or a gap in its JSON shape. */
export function itemOf(json: unknown): Item {
  const value = json as { gap: Gap } | (WireMessage & { encoding?: string });
  if ('gap' in value) return { kind: 'gap', gap: value.gap };
  const { encoding, ...message } = value;
  if (encoding === undefined) return { kind: 'message', message };
  return { kind: 'message', message: { ...message, data: bytesOf(message.data as string) } };
}

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export function positionOf(item: Item): string {
  return item.kind === 'message' ? item.message.id : item.gap.to;
}

/** Reads so many items. */
export async function take(reader: Reader, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) items.push(await reader.next());
  return items;
}

/** Reads on until an item meets a condition, that one included. */
export async function takeUntil(reader: Reader, enough: (item: Item) => boolean): Promise<Item[]> {
  const items: Item[] = [];
  do items.push(await reader.next());
  while (!enough(items.at(-1)!));
  return items;
}

/** Reads messages only. @throws if a gap comes */
export async function takeMessages(reader: Reader, count: number): Promise<WireMessage[]> {
  return messagesOf(await take(reader, count));
}

export function messagesOf(items: readonly Item[]): WireMessage[] {
  return items.map((item) => {
    if (item.kind === 'gap') throw new Error(`a gap where none should be: ${JSON.stringify(item.gap)}`);
    return item.message;
  });
}
