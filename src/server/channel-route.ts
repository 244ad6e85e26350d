import { checkRead } from '../hub/authorisation/check-rights.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { FanwireError } from '../protocol/errors.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { Caller } from '../transports/caller.ts';
import type { ChannelRead } from '../transports/exchange.ts';
import type { RequestTransport } from '../transports/transport.ts';
import { channelsOf, limitOf, startOf } from './channel-url.ts';
import { memo } from './memo.ts';
import { negotiate, waitOf } from './negotiation.ts';
import { servePublish } from './publish.ts';
import type { RequestHead } from './request-head.ts';
import { queryOf } from './request-url.ts';
import type { ServerExchange } from './server-exchange.ts';

/** What a channel's URL asks for, of a connection of the client's own. */
export interface AskedChannels {
  readonly channels: readonly string[];
  readonly start: Start;
  readonly query: URLSearchParams;
}

/** The URL of a channel, or of several: read by whichever transport the request chooses, or published to. */
export class ChannelRoute {
  /** What an EventSource is told to wait before it reconnects, in milliseconds. */
  readonly retryMs: number;
  /** The channels that a segment of a path names. @throws FanwireError `invalid_channel`, `too_many_channels` */
  readonly namesIn: (segment: string) => readonly string[];
  readonly #hub: Hub;
  readonly #pollCacheSeconds: number;

  constructor(hub: Hub, { pollCacheSeconds = 0, retryMs = 2000 }: HubOptions) {
    this.#hub = hub;
    this.#pollCacheSeconds = pollCacheSeconds;
    this.retryMs = retryMs;
    this.namesIn = memo((segment) => channelsOf(segment, hub.limits));
  }

  serve(exchange: ServerExchange, segment: string): Promise<void> {
    const { request } = exchange;
    const query = queryOf(request);
    const channels = this.namesIn(segment);
    if (request.method === 'POST') {
      if (channels.length > 1) throw new FanwireError('invalid_channel', 'publish to one channel at a time');
      return servePublish(exchange, channels[0]!, query);
    }
    const transports = negotiate(request);
    const asked = checkRead(exchange.caller.access, channels);
    if (!asked) return this.#serveRead(exchange, channels, query, transports);
    return asked.then(() => this.#serveRead(exchange, channels, query, transports));
  }

  #serveRead(
    exchange: ServerExchange,
    channels: readonly string[],
    query: URLSearchParams,
    transports: readonly RequestTransport[],
  ): Promise<void> {
    const { request, hub } = exchange;
    const { resumeHeader } = transports[0]!;
    const read: ChannelRead = {
      channels,
      start: startOf(query, resumeHeader && exchange.header(resumeHeader)),
      limit: limitOf(query, hub.limits),
      waitSeconds: waitOf(request, query, hub.limits.waitSeconds),
      cacheControl: this.#cacheControlOf(channels),
      retryMs: this.retryMs,
    };
    const transport = transports.find((one) => one.takesRead?.(read) ?? true)!;
    if (!transport.push) {
      hub.meter.polls += 1;
      const { address, access } = exchange.caller;
      hub.meter.pollers.polled({ transport: transport.name, address, access, asksAgain: true }, channels);
    }
    return transport.serveChannel(exchange, read);
  }

  /** What a client asks for that wants a connection of its own. @throws FanwireError */
  async asked(request: RequestHead, { access }: Caller, segment: string): Promise<AskedChannels> {
    const query = queryOf(request);
    const channels = this.namesIn(segment);
    await checkRead(access, channels);
    return { channels, start: startOf(query) ?? FROM_NOW, query };
  }

  /** A shared cache may keep what anyone may read; whether it may answer by itself is the operator's word. */
  #cacheControlOf(channels: readonly string[]): string {
    const hub = this.#hub;
    const shared = channels.every((channel) => isForAnyone(hub, channel));
    if (!shared) return 'private, no-cache';
    if (this.#pollCacheSeconds === 0) return 'public, no-cache';
    // RFC 5861 section 3: without it Varnish goes on with an answer that has run out, for ten seconds.
    return `public, max-age=0, s-maxage=${this.#pollCacheSeconds}, stale-while-revalidate=0`;
  }
}

/** Whether whoever comes may read a channel, so that one answer is for all. */
function isForAnyone(hub: Hub, channel: string): boolean {
  if (hub.open && !hub.rights) return true;
  const { audience, params } = hub.rule(channel).read;
  if (params.subject !== undefined || typeof audience === 'function') return false;
  return audience === 'anyone' || hub.open;
}
