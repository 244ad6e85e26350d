import { lookup } from 'node:dns/promises';
import { rootCertificates } from 'node:tls';
import { type EngineCounts, EngineThread } from '../engine-thread.ts';
import { limitsWith } from '../limits.ts';
import { DO, jsonBytes, TOLD, textOf } from '../records.ts';
import type { Session } from '../session.ts';
import { SessionTable } from '../session-table.ts';

const HTTPS_PORT = 443;

export interface DialOptions {
  /** Certificates that are trusted though no authority vouches for them. */
  serverCertificateHashes?: readonly { algorithm: string; value: ArrayBuffer | ArrayBufferView }[];
  /** Authorities in PEM, in place of Node's own. */
  ca?: string | readonly string[];
  /** False trusts any certificate. */
  rejectUnauthorized?: boolean;
  /** For the request, such as `origin`: what a browser sends by itself, or can't. */
  headers?: Readonly<Record<string, string>>;
}

interface Waiting {
  opened(session: Session): void;
  refused(error: Error): void;
}

type Family = 4 | 6;

/** One for each family of addresses, made when the first session needs it. */
const dialers = new Map<Family, Promise<Dialer>>();

/**
 * Asks for a session. `opened` gets it, before anything that comes from it. Rejects where there is none: with
 * `status` as the error's cause if the server has answered.
 */
export async function dial(
  url: URL,
  options: DialOptions,
  opened: (session: Session) => void,
): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // Servers for development listen on 127.0.0.1 more often than on ::1.
  const { address, family } = await lookup(host, { verbatim: false });
  const dialer = await dialerFor(family as Family);
  await new Promise<void>((resolve, reject) => {
    const target = {
      url: url.href,
      address,
      port: Number(url.port || HTTPS_PORT),
      headers: options.headers ?? {},
      hashes: (options.serverCertificateHashes ?? []).filter(isSha256).map(({ value }) => base64(value)),
      authorities: [options.ca ?? rootCertificates].flat().join('\n'),
      unverified: options.rejectUnauthorized === false,
    };
    dialer.dial(target, {
      opened(session) {
        opened(session);
        resolve();
      },
      refused: reject,
    });
  });
}

/** What the threads of this process hold for its clients. For tests. */
export async function countClients(): Promise<{ engine: EngineCounts; thread: SessionTable['counts'] }[]> {
  return Promise.all([...dialers.values()].map(async (dialer) => (await dialer).count()));
}

function dialerFor(family: Family): Promise<Dialer> {
  let dialer = dialers.get(family);
  if (!dialer) {
    dialer = Dialer.start(family, () => dialers.delete(family));
    dialer.catch(() => dialers.delete(family));
    dialers.set(family, dialer);
  }
  return dialer;
}

/** An engine that only dials: all clients of the process share its thread and its socket. */
class Dialer {
  readonly #table: SessionTable = new SessionTable(limitsWith(), (...record) => this.#thread.do(...record));
  readonly #waiting = new Map<number, Waiting>();
  #thread!: EngineThread;
  /** Connections, until they too have ended: so long the process must not. */
  #connections = 0;

  static async start(family: Family, failed: () => void): Promise<Dialer> {
    const dialer = new Dialer();
    const binding = { address: family === 6 ? '::' : '0.0.0.0', port: 0, family };
    dialer.#thread = await EngineThread.start(
      binding,
      { limits: dialer.#table.limits },
      {
        read: (...record) => dialer.#read(...record),
        failed(error) {
          failed();
          dialer.#lose(error);
        },
        fault: rethrow,
      },
    );
    dialer.#thread.hold(false);
    return dialer;
  }

  dial(target: object, waiting: Waiting): void {
    const id = this.#table.nextId();
    this.#waiting.set(id, waiting);
    this.#count(1);
    this.#thread.do(DO.dial, id, 0, jsonBytes(target));
  }

  async count(): Promise<{ engine: EngineCounts; thread: SessionTable['counts'] }> {
    this.#count(1);
    const engine = await this.#thread.count();
    this.#count(-1);
    return { engine, thread: this.#table.counts };
  }

  #count(change: number): void {
    this.#connections += change;
    this.#thread.hold(this.#connections > 0);
  }

  #read(operation: number, id: number, number: number, body: Uint8Array): void {
    if (operation === TOLD.gone) {
      this.#count(-1);
      return;
    }
    const waiting = this.#waiting.get(id);
    if (operation === TOLD.opened && waiting) {
      this.#waiting.delete(id);
      waiting.opened(this.#table.add(id, number));
    } else if (operation === TOLD.refused && waiting) {
      this.#waiting.delete(id);
      this.#count(-1);
      waiting.refused(new Error(textOf(body), { cause: { status: number } }));
    } else this.#table.read(operation, id, number, body);
  }

  #lose(error: Error): void {
    for (const { refused } of this.#waiting.values()) refused(error);
    this.#waiting.clear();
    this.#table.lose('the engine failed', rethrow);
  }
}

/** As an error that nobody caught: nobody is there to be told. */
function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function isSha256({ algorithm }: { algorithm: string }): boolean {
  return algorithm.toLowerCase() === 'sha-256';
}

function base64(value: ArrayBuffer | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : Buffer.from(value);
  return bytes.toString('base64');
}
