import { Worker } from 'node:worker_threads';
import { DO, jsonBytes, type RecordReader, RecordWriter, readRecords, TOLD, textOf } from './records.ts';
import type { Notice } from './worker/main.ts';
import type { Binding } from './worker/socket.ts';

/** What the engine holds that has not ended: for tests and for whoever looks for a leak. */
export interface EngineCounts {
  connections: number;
  handshakes: number;
  sessions: number;
  outgoing: number;
  incoming: number;
  goroutines: number;
  heapBytes: number;
}

/** Takes what comes from the engine: records, its end, and faults. */
export interface ThreadOwner {
  read: RecordReader;
  /** The thread has ended, or never began, without having been asked to. */
  failed(error: Error): void;
  /** Something went wrong that ends nothing. */
  fault(error: unknown): void;
}

type State = 'running' | 'closing' | 'ended';

/** The thread with the engine, seen from the main one. */
export class EngineThread {
  readonly port: number;
  readonly #worker: Worker;
  readonly #owner: ThreadOwner;
  readonly #records = new RecordWriter();
  readonly #questions = new Map<number, (counts: EngineCounts) => void>();
  readonly #closed: Promise<void>;
  #asked = 0;
  #state: State = 'running';

  private constructor(worker: Worker, port: number, owner: ThreadOwner) {
    this.#worker = worker;
    this.port = port;
    this.#owner = owner;
    worker.on('message', (message: Uint8Array | Notice) => {
      if (message instanceof Uint8Array) readRecords(message, this.#read);
      else if (message.kind === 'closed') void worker.terminate();
    });
    let cause: Error | undefined;
    worker.on('error', (error) => {
      cause = error;
    });
    this.#closed = new Promise((resolve) => {
      worker.on('exit', (code) => {
        const isExpected = this.#state === 'closing';
        this.#state = 'ended';
        resolve();
        if (!isExpected) owner.failed(cause ?? new Error(`the thread of the engine ended with ${code}`));
      });
    });
  }

  /** Starts the engine; `configuration` is for its `configure`. Rejects with what the system said of the address. */
  static async start(binding: Binding, configuration: unknown, owner: ThreadOwner): Promise<EngineThread> {
    // Of the process's own arguments some are for its program alone: with `--input-type` no worker starts.
    const worker = new Worker(new URL('./worker/main.js', import.meta.url), {
      workerData: binding,
      execArgv: [],
    });
    const notice = await new Promise<Notice>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the thread of the engine ended with ${code}`)));
    });
    // Not those of all events: Node has some of its own there.
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
    if (notice.kind !== 'bound') {
      void worker.terminate();
      const failed = notice.kind === 'unbound' ? notice : { code: '', message: 'closed' };
      throw Object.assign(new Error(failed.message), { code: failed.code });
    }
    const thread = new EngineThread(worker, notice.port, owner);
    thread.do(DO.configure, 0, 0, jsonBytes(configuration));
    return thread;
  }

  /** Asks the engine for something, at the end of this turn, with all else that is asked for until then. */
  do(operation: number, id: number, number: number, body?: Uint8Array): void {
    if (this.#state !== 'running') return;
    if (this.#records.isEmpty) queueMicrotask(this.#flush);
    this.#records.add(operation, id, number, body);
  }

  count(): Promise<EngineCounts> {
    const question = ++this.#asked;
    this.do(DO.count, question, 0);
    return new Promise((resolve) => this.#questions.set(question, resolve));
  }

  /** Keeps the process running, or no longer. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Takes leave of every peer, and ends the thread when that has left. */
  async close(): Promise<void> {
    this.do(DO.shutDown, 0, 0);
    this.#flush();
    if (this.#state === 'running') this.#state = 'closing';
    this.hold(true);
    await this.#closed;
  }

  /** Ends the thread as a fault in it would. For tests. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  readonly #flush = (): void => {
    if (this.#records.isEmpty || this.#state === 'ended') return;
    const batch = this.#records.take();
    this.#worker.postMessage(batch, [batch.buffer]);
  };

  readonly #read: RecordReader = (operation, id, number, body) => {
    // What one of the caller's functions throws must not cost the others the rest of the batch.
    try {
      if (operation === TOLD.fault) this.#owner.fault(new Error(textOf(body)));
      else if (operation === TOLD.counted) this.#answer(id, JSON.parse(textOf(body)));
      else this.#owner.read(operation, id, number, body);
    } catch (error) {
      this.#owner.fault(error);
    }
  };

  #answer(question: number, counts: EngineCounts): void {
    this.#questions.get(question)?.(counts);
    this.#questions.delete(question);
  }
}
