import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** What Go's `wasm_exec.js` puts in place. It belongs to one version of Go, as the engine does. */
interface GoRuntime {
  importObject: WebAssembly.Imports;
  exit(code: number): void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** What the engine calls. Pointers are into its memory, which moves when it grows. */
export interface EngineHost {
  emit(operation: number, id: number, number: number, body: Uint8Array): void;
  send(packet: Uint8Array, port: number, address: string): void;
}

/** Kinds of batches that the engine takes. */
export const BATCH = { packets: 0, records: 1 } as const;

export interface RunningEngine {
  /** Returns when the engine has nothing more to do for now. */
  take(kind: (typeof BATCH)[keyof typeof BATCH], batch: Uint8Array): void;
}

/** The package's folder, above `dist/worker/`. */
const PACKAGE = new URL('../../', import.meta.url);

/** What Go says before it ends, such as a panic with its stack, goes to this many characters. */
const LAST_WORDS = 4_096;

/**
 * Starts the engine in this thread, of which it takes some global names. That it ends, which it never should, is an
 * uncaught error, and so the end of the thread.
 */
export async function startEngine(host: EngineHost): Promise<RunningEngine> {
  const compressed = await readFile(new URL('engine.wasm.br', PACKAGE));
  const module = await WebAssembly.compile(await promisify(brotliDecompress)(compressed));
  createRequire(import.meta.url)(fileURLToPath(new URL('wasm_exec.cjs', PACKAGE)));
  const globals = globalThis as unknown as {
    Go: new () => GoRuntime;
    fs: { writeSync(descriptor: number, bytes: Uint8Array): number };
    fanwireEngine(kind: number, length: number): void;
  };
  let lastWords = '';
  globals.fs.writeSync = (_, bytes) => {
    lastWords = (lastWords + Buffer.from(bytes).toString()).slice(0, LAST_WORDS);
    return bytes.length;
  };

  const go = new globals.Go();
  let memory = Buffer.alloc(0);
  const slice = (pointer: number, length: number) => {
    if (memory.length === 0) memory = Buffer.from((instance.exports.mem as WebAssembly.Memory).buffer);
    return memory.subarray(pointer, pointer + length);
  };
  let batch: Uint8Array;
  const fanwire = {
    emit: (operation: number, id: number, number: number, body: number, length: number) =>
      host.emit(operation, id >>> 0, number >>> 0, slice(body >>> 0, length)),
    send: (address: number, addressLength: number, port: number, packet: number, length: number) => {
      const at = address >>> 0;
      const text = slice(at, addressLength).toString('latin1');
      host.send(slice(packet >>> 0, length), port, text);
    },
    take: (into: number) => slice(into >>> 0, batch.length).set(batch),
  };
  const instance = await WebAssembly.instantiate(module, { ...go.importObject, fanwire });
  go.exit = (code) => {
    throw new Error(`the engine ended with ${code}: ${lastWords}`);
  };
  void go.run(instance);
  return {
    take(kind, next) {
      batch = next;
      globals.fanwireEngine(kind, next.length);
    },
  };
}
