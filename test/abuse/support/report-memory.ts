/**
 * Loaded into the hub's process ahead of its own code: tells whoever connects to a socket of the file system
 * what is in use after a collection, as only the process itself can.
 */
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface MemoryReport {
  readonly bytes: number;
  /** For so long the collection held everybody up. */
  readonly tookMs: number;
}

export const SOCKET_VARIABLE = 'FANWIRE_ABUSE_MEMORY';

const path = process.env[SOCKET_VARIABLE];
if (path !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const report = (): MemoryReport => {
    const began = performance.now();
    // Twice: buffers that a collection frees leave the account at the next one.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return { bytes: heapUsed + external, tookMs: performance.now() - began };
  };
  createServer((socket) => socket.on('error', () => {}).end(JSON.stringify(report())))
    .listen(path)
    .unref();
}
