import type { ServerOptions } from 'node:http2';
import type { Limits } from '../../protocol/limits.ts';

/** In which Node counts `maxSessionMemory`. */
const MEGABYTE = 1_000_000;

/** Beyond so many resets at once, and 33 a second, nghttp2 itself ends a connection, unless it is told otherwise. */
const RESETS_OF_NGHTTP2 = 1000;

/** How a server speaks HTTP/2 where it is the hub's own: what Node's defaults leave without a limit has one. */
export function http2Options(limits: Limits): ServerOptions {
  const { resetsPerConnection: resets } = limits;
  return {
    // Not of every Node: others stay at theirs.
    ...(resets > RESETS_OF_NGHTTP2 && { streamResetBurst: resets, streamResetRate: resets }),
    maxSessionMemory: Math.max(1, Math.ceil(limits.http2BytesPerConnection / MEGABYTE)),
    settings: {
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: limits.http2HeaderBytes,
      // RFC 8441: a WebSocket is a stream.
      enableConnectProtocol: true,
    },
  };
}
