import cluster, { type Worker } from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../server/tls/certificate.ts';
import { onEndSignal } from './end-signals.ts';
import { sendPair, workerEnvironment } from './worker-certificate.ts';

/** A slot is given to another worker at once, unless the last one did not even live this long. */
const MIN_LIFE_MS = 1_000;

const SLOT_VARIABLE = 'WORKER_OF_FANWIRE';

/** Whether this process is the one, among the workers of a computer, that does what one of them should do. */
export function isFirstWorker(): boolean {
  return cluster.isPrimary || process.env[SLOT_VARIABLE] === '1';
}

type WorkerSlot =
  | { readonly kind: 'starting' | 'listening'; readonly worker: Worker; readonly since: number }
  | { readonly kind: 'empty' };

/**
 * Runs this same command in so many processes that listen on one port, each with a hub of its own over a
 * log that they share. One that dies is replaced. At SIGTERM all of them let their clients go.
 * @param onListening once all of them listen
 * @param certificate that all of them show
 */
export function runWorkers(
  count: number,
  onListening: (address: AddressInfo) => void,
  certificate?: Certificate,
): void {
  let pair = certificate?.pair;
  const slots = new Map<number, WorkerSlot>();
  let state: 'starting' | 'running' | 'ending' = 'starting';

  function start(number: number): void {
    const since = Date.now();
    const worker = cluster.fork({ [SLOT_VARIABLE]: `${number}`, ...workerEnvironment(pair) });
    slots.set(number, { kind: 'starting', worker, since });
    worker.once('listening', ({ address, port, addressType }) => {
      slots.set(number, { kind: 'listening', worker, since });
      if (state !== 'starting') return;
      // The first alone: if there is something wrong, it is told once.
      if (slots.size < count) {
        for (let next = 2; next <= count; next++) start(next);
      } else if ([...slots.values()].every(({ kind }) => kind === 'listening')) {
        state = 'running';
        onListening({ address, port, family: addressType === 6 ? 'IPv6' : 'IPv4' });
      }
    });
    worker.once('exit', (code, signal) => onExit(number, since, code, signal));
  }

  function onExit(number: number, since: number, code: number, signal: string | null): void {
    slots.set(number, { kind: 'empty' });
    // One that gives up at the start has said why, and so would the next. One that is killed has done nothing wrong.
    if (state === 'running' || (state === 'starting' && signal !== null)) {
      console.error(`fanwire: worker ${number} ended (${signal ?? `code ${code}`}); another takes its place`);
      setTimeout(() => state !== 'ending' && start(number), since + MIN_LIFE_MS - Date.now());
      return;
    }
    if (state === 'starting') process.exitCode = code || 1;
    end();
  }

  function end(): void {
    const living = [...slots.values()].flatMap((slot) => (slot.kind === 'empty' ? [] : slot.worker));
    if (living.length === 0) process.exit();
    // Cluster's own `kill` would first wait for every connection to end by itself.
    if (state !== 'ending') for (const { process } of living) process.kill('SIGTERM');
    state = 'ending';
  }

  certificate?.follow((renewed) => {
    pair = renewed;
    for (const slot of slots.values()) if (slot.kind !== 'empty') sendPair(slot.worker, renewed);
  });
  onEndSignal(end);
  start(1);
}
