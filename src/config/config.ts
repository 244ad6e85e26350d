import type { ServerOptions } from '../server/options.ts';
import type { TlsOptions } from '../server/tls/certificate.ts';
import type { WebTransportLimits } from '../server/webtransport-server.ts';

/** What a config file of `fanwire serve` holds: the hub's options, and how it is served. */
export interface Config extends ServerOptions {
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** 0 takes any free port. Default: 8080. */
  readonly port?: number;
  /** Lets everyone read and publish, on an address that other computers can reach, too. Default: false. */
  readonly anonymous?: boolean;
  /**
   * Serves HTTPS, with HTTP/2 and HTTP/1.1: `certFile` and `keyFile`, which are read again when they change; `cert` and `key`, in
   * PEM; or `self-signed`, for loopback. Default: cleartext.
   */
  readonly tls?: TlsOptions;
  /** Serves WebTransport at the port of UDP that has the same number; needs `tls`. */
  readonly webtransport?: boolean | { readonly url?: string; readonly limits?: WebTransportLimits };
  /** Serves GraphQL as well, at `/graphql` below the base path. Default: false. */
  readonly graphql?: boolean;
  /** Serves gRPC, gRPC-Web and Connect as well, at the same port. Default: false. */
  readonly grpc?: boolean;
  /** Whether to serve the page at `/`. Default: true. */
  readonly console?: boolean;
}

/** Gives a config file its types: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}
