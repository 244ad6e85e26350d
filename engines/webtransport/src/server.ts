import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { type EngineCounts, EngineThread } from './engine-thread.ts';
import { type EngineLimits, limitsWith } from './limits.ts';
import { DO, jsonBytes, TOLD, textOf } from './records.ts';
import type { Session } from './session.ts';
import { SessionTable } from './session-table.ts';
import type { Binding } from './worker/socket.ts';

/** A certificate with those that vouch for it, and its private key, both in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface ServeOptions extends Certificate {
  /** Name or address to listen at. */
  host: string;
  /** Of UDP; 0 is for one that is free. */
  port: number;
  limits?: Partial<EngineLimits>;
  /** A client asks for a session. Nobody has judged its origin yet. */
  onSession(request: SessionRequest): void;
  /**
   * Something has gone wrong: a function of the caller's has thrown, or the engine has failed. All sessions are lost
   * then, as their `onclose` says, and the engine starts again on the same port.
   */
  onError(error: unknown): void;
}

export interface SessionRequest {
  /** With the query. */
  readonly path: string;
  readonly authority: string;
  readonly origin: string | undefined;
  /** The client's, proven by the handshake. */
  readonly address: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The session can be used at once: what it sends follows the answer. */
  accept(): Session;
  /** Answers with this status, which no browser shows to a page. */
  reject(status: number): void;
}

export interface Engine {
  /** Of UDP. */
  readonly port: number;
  /**
   * Is used from the next handshake on. Sessions stay.
   * @throws Error when the two are not a certificate and its key
   */
  setCertificate(certificate: Certificate): void;
  /** What has not ended yet, in the engine and in this thread. */
  count(): Promise<{
    engine: EngineCounts;
    thread: { sessions: number; outgoing: number; incoming: number };
  }>;
  /** Takes leave of all clients, and resolves when that has left. Their sessions get no `onclose`. */
  close(): Promise<void>;
}

/** How long to wait before the engine is started again: longer each time until one has run for `STEADY_MS`. */
const BACKOFF_MS = [0, 100, 1_000, 5_000];
const STEADY_MS = 60_000;
const RESET_KEY_BYTES = 32;

type State =
  | { kind: 'running'; thread: EngineThread; table: SessionTable; since: number }
  | { kind: 'waiting'; timer: NodeJS.Timeout }
  | { kind: 'starting'; started: Promise<void> }
  | { kind: 'closed' };

/** Serves WebTransport at a port of UDP. Rejects with what the system says where the port is not to be had. */
export async function serve(options: ServeOptions): Promise<Engine> {
  checkCertificate(options);
  const { address, family } = await lookup(options.host);
  const server = new Server(options, { address, family: family as 4 | 6, port: options.port });
  await server.start();
  return server;
}

/** An engine that outlives its threads. */
export class Server implements Engine {
  readonly #options: ServeOptions;
  readonly #binding: Binding;
  readonly #limits: EngineLimits;
  /** The same for all threads: a client of the one before learns from the next that its connection is gone. */
  readonly #resetKey = randomBytes(RESET_KEY_BYTES).toString('base64');
  #certificate: Certificate;
  #failures = 0;
  #state: State = { kind: 'starting', started: Promise.resolve() };

  constructor(options: ServeOptions, binding: Binding) {
    this.#options = options;
    this.#binding = binding;
    this.#limits = limitsWith(options.limits);
    this.#certificate = { cert: options.cert, key: options.key };
  }

  get port(): number {
    return this.#binding.port;
  }

  async start(): Promise<void> {
    const started = this.#run();
    this.#state = { kind: 'starting', started };
    await started;
  }

  async #run(): Promise<void> {
    const configuration = {
      resetKey: this.#resetKey,
      limits: this.#limits,
      certificate: this.#certificate,
    };
    const table: SessionTable = new SessionTable(this.#limits, (...record) => thread.do(...record));
    const thread = await EngineThread.start(this.#binding, configuration, {
      read: (operation, id, number, body) => {
        if (operation === TOLD.requested) this.#requested(table, id, body);
        else table.read(operation, id, number, body);
      },
      failed: (error) => this.#failed(table, error),
      fault: this.#options.onError,
    });
    // From here on the same port, also where the first was any that is free.
    this.#binding.port = thread.port;
    if (this.#isClosed) await thread.close();
    else this.#state = { kind: 'running', thread, table, since: performance.now() };
  }

  setCertificate({ cert, key }: Certificate): void {
    checkCertificate({ cert, key });
    this.#certificate = { cert, key };
    if (this.#state.kind === 'running') {
      this.#state.thread.do(DO.certificate, 0, 0, jsonBytes(this.#certificate));
    }
  }

  async count(): ReturnType<Engine['count']> {
    if (this.#state.kind !== 'running') throw new Error('the engine is not running');
    const { thread, table } = this.#state;
    return { engine: await thread.count(), thread: table.counts };
  }

  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'waiting') clearTimeout(state.timer);
    // Its thread is closed as soon as it is there.
    if (state.kind === 'starting') await state.started.catch(() => {});
    if (state.kind !== 'running') return;
    state.table.sessions.clear();
    await state.thread.close();
  }

  /** Ends the engine's thread as a fault in it would. For tests. */
  async kill(): Promise<void> {
    if (this.#state.kind === 'running') await this.#state.thread.kill();
  }

  // A method, as the compiler would take the state for what it was set to before an `await`.
  get #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  #requested(table: SessionTable, id: number, body: Uint8Array): void {
    const { path, authority, address, headers, maxDatagram } = JSON.parse(textOf(body));
    const request: SessionRequest = {
      path,
      authority,
      origin: headers.origin,
      address,
      headers,
      accept() {
        const session = table.add(id, maxDatagram);
        table.ask(DO.answer, id, 200);
        return session;
      },
      reject: (status) => table.ask(DO.answer, id, status),
    };
    try {
      this.#options.onSession(request);
    } catch (error) {
      // A second answer is passed over.
      request.reject(500);
      throw error;
    }
  }

  #failed(table: SessionTable, error: Error): void {
    const { onError } = this.#options;
    const state = this.#state;
    if (state.kind === 'running' && performance.now() - state.since > STEADY_MS) this.#failures = 0;
    this.#retry();
    onError(error);
    table.lose('the engine failed', onError);
  }

  #retry(): void {
    const wait = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)];
    this.#failures += 1;
    const timer = setTimeout(() => {
      this.start().catch((error) => {
        if (this.#isClosed) return;
        this.#options.onError(error);
        this.#retry();
      });
    }, wait);
    this.#state = { kind: 'waiting', timer };
  }
}

function checkCertificate({ cert, key }: Certificate): void {
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error('the private key is not that of the certificate');
  }
}
