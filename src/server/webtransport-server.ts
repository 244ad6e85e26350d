import { X509Certificate } from 'node:crypto';
import { FanwireError } from '../protocol/errors.ts';
import type { WebTransportOffer } from '../protocol/frames.ts';
import type { SessionRequest } from './session-offers.ts';
import type { Certificate } from './tls/certificate.ts';
import type { KeyPair } from './tls/key-pair.ts';

/** What clients may take of the engine: the package @fanwire/webtransport says what each is. */
export type WebTransportLimits = Readonly<
  Partial<
    Record<
      | 'sessions'
      | 'sessionsPerAddress'
      | 'handshakes'
      | 'handshakesUnproven'
      | 'handshakeMs'
      | 'idleMs'
      | 'streamsPerSession'
      | 'queuedBytesPerStream',
      number
    >
  >
>;

export interface WebTransportServing {
  readonly host: string;
  /** Of UDP. */
  readonly port: number;
  readonly certificate: Certificate;
  /** Where clients find it, if that is elsewhere than where they came from. */
  readonly url?: string | undefined;
  readonly limits?: WebTransportLimits | undefined;
  readonly take: (request: SessionRequest) => void;
  /** Told of the offer at first, and whenever the certificate changes. */
  readonly offered: (offer: WebTransportOffer) => void;
  readonly report: (error: unknown) => void;
}

export interface WebTransportServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What is used of the package, which not everybody has. */
interface Engine {
  readonly port: number;
  setCertificate(pair: KeyPair): void;
  close(): Promise<void>;
}
interface EngineModule {
  serve(options: {
    readonly host: string;
    readonly port: number;
    readonly cert: string;
    readonly key: string;
    readonly limits?: WebTransportLimits;
    onSession(request: SessionRequest): void;
    onError(error: unknown): void;
  }): Promise<Engine>;
}

const PACKAGE: string = '@fanwire/webtransport';

/**
 * Serves WebTransport at a port of UDP.
 * @throws FanwireError `invalid_parameter` where the package is not installed; what the system says where the port is taken
 */
export async function serveWebTransport(serving: WebTransportServing): Promise<WebTransportServer> {
  const { serve }: EngineModule = await import(PACKAGE).catch((cause: unknown) => {
    throw new FanwireError(
      'invalid_parameter',
      `WebTransport needs the package ${PACKAGE}: npm install ${PACKAGE}`,
      { cause },
    );
  });
  const { host, port, certificate, take, report } = serving;
  const engine = await serve({
    host,
    port,
    ...certificate.pair,
    ...(serving.limits && { limits: serving.limits }),
    onSession: take,
    onError: report,
  });
  const unfollow = certificate.follow((pair) => {
    engine.setCertificate(pair);
    serving.offered(offerOf(pair, serving.url));
  });
  serving.offered(offerOf(certificate.pair, serving.url));
  return {
    port: engine.port,
    close() {
      unfollow();
      return engine.close();
    },
  };
}

function offerOf({ cert }: KeyPair, url: string | undefined): WebTransportOffer {
  const { issuer, subject, fingerprint256 } = new X509Certificate(cert);
  const hash = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64');
  return {
    ...(url !== undefined && { url }),
    // No authority vouches for one that vouches for itself: clients have to know it by its hash.
    ...(issuer === subject && { certificateHashes: [hash] }),
  };
}
