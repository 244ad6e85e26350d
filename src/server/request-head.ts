import type { IncomingHttpHeaders } from 'node:http';

/** A request as far as it is judged before its body is read, whatever brought it. Node's own requests are of this shape. */
export interface RequestHead {
  readonly method?: string | undefined;
  /** Path and query; of a proxy's request the whole URL. */
  readonly url?: string | undefined;
  /** `1.0`, `1.1` or `2.0`, where it is known. */
  readonly httpVersion?: string | undefined;
  /** By their names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly socket: RequestSocket;
}

/** What a request came by, as far as it is known. */
export interface RequestSocket {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly encrypted?: boolean | undefined;
}
