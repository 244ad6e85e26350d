import { chmodSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, RootDatabase } from 'lmdb';
import { FanwireError } from '../../protocol/errors.ts';
import type { GapReason } from '../../protocol/gap.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { FoundStay } from '../kit/holding.ts';
import { newEpoch } from '../kit/names.ts';
import { missingPackages } from '../kit/unavailable.ts';
import { oweWork } from './owed-work.ts';

/** What holds for the whole log. */
export interface LogState {
  readonly epoch: string;
  /** Of the newest message ever appended. */
  sequence: number;
  /** Payload bytes that channels retain. */
  bytes: number;
  /** The highest sequence that a channel no longer remembered may have held. */
  forgottenThrough: number;
  /** After this, `messages` holds everything that was appended lately, whether retained or not. */
  feedFrom: number;
  /** Payload bytes in `released`. */
  releasedBytes: number;
}

/** What holds for one channel. */
export interface ChannelState {
  /** Sequence of its newest message ever. */
  last: number;
  /** Messages retained. */
  length: number;
  /** Their payload bytes; unknown where an earlier version of fanwire wrote last. */
  bytes?: number;
  /** The highest sequence that it no longer retains, and why. */
  trimmedThrough: number;
  reason: GapReason;
}

/** A client on a channel, as long as any process of this computer has a lease on that. */
export interface StayState extends FoundStay {
  /** By process: until when, and whether it only lingers. */
  readonly leases: Readonly<Record<string, { readonly ends: number; readonly lingers: boolean }>>;
  /** When the last lease ends. */
  readonly due: number;
}

/** What was appended under a key, until when that is remembered, and whose share of the keys it takes. */
export type KeyRecord = readonly [sequence: number, until: number, digest?: string | null, share?: string];

/**
 * The log's tables. A transaction changes all of them or none, and is on disk before anyone sees it:
 * who was given a position can count on it after a power failure, too.
 */
export interface Store {
  readonly root: RootDatabase;
  readonly state: Database<LogState, 'state'>;
  readonly channels: Database<ChannelState, string>;
  /** What each channel retains: the message's time and its payload's bytes. */
  readonly index: Database<readonly [time: number, bytes: number], [channel: string, sequence: number]>;
  readonly messages: Database<Buffer, number>;
  /** Bytes of the payloads of messages that no channel retains, and that may yet have to be announced to other processes. */
  readonly released: Database<number, number>;
  /** By a digest of channel and key. */
  readonly keys: Database<KeyRecord, Uint8Array>;
  /** Where each message's keys lie, to be forgotten in the order they came. */
  readonly keyQueue: Database<readonly [until: number, ...keyNames: Uint8Array[]], number>;
  /** The keys of each scope in the order they came, and under [scope, 0, ''] their number. */
  readonly keyShares: Database<number | Uint8Array, [scope: string, sequence: number, keyName: string]>;
  readonly stays: Database<StayState, [channel: string, client: string]>;
  /** Stays by when their last lease ends. */
  readonly dueStays: Database<true, [due: number, channel: string, client: string]>;
  /** Where a client is. */
  readonly channelsOf: Database<true, [client: string, channel: string]>;
  /** When stays were last looked over, and from when on they end. */
  readonly watch: Database<{ readonly askedAt: number; readonly endsFrom: number }, 'watch'>;
  /** When a process's report of its subscribers is out of date. */
  readonly reporters: Database<number, string>;
  readonly subscribers: Database<number, [process: string, channel: string]>;
}

const LAYOUT = 1;

interface SharedStore {
  readonly store: Store;
  users: number;
}

/**
 * The directories that this thread has open, each once. LMDB has one writer at a time, and a transaction does its work
 * on the thread that asked for it: if a second store of the same directory waited for the lock on that thread, as it does
 * while it opens, the work of the first could never be done and the lock never be free.
 */
const sharedStores = new Map<string, SharedStore>();

/**
 * Opens the directory, and makes the log in it if there is none. Each opening is to be matched by a `closeStore`.
 * @param mapBytes address space set aside; the file itself is as large as what it holds
 * @throws FanwireError `log_unavailable`, with a sentence that says what to do
 */
export async function openStore(directory: string, mapBytes: number, runtime: Runtime): Promise<Store> {
  const { open } = await import('lmdb').catch((cause) => {
    throw missingPackages('LMDB', ['lmdb'], cause);
  });
  try {
    // What is in it is for those who may read channels, not for whoever has an account on the computer.
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const identity = identityOf(directory);
    let shared = sharedStores.get(identity);
    if (!shared) {
      const root = open(directory, {
        noSubdir: false,
        // Otherwise readers see what a power failure can still take back.
        overlappingSync: false,
        // With it, a commit that fails rejects a promise that nobody can reach, and so ends the process.
        eventTurnBatching: false,
        mapSize: mapBytes,
        maxReaders: 1024,
        maxDbs: 16,
      });
      const store = tablesOf(root);
      for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(directory, name), 0o600);
      const file = identityOf(join(directory, 'data.mdb'));
      root.transactionSync(() => found(store, file, runtime));
      sharedStores.set(identity, (shared = { store, users: 0 }));
    }
    shared.users += 1;
    return shared.store;
  } catch (cause) {
    throw new FanwireError('log_unavailable', `the log in ${directory} can't be opened: ${sentence(cause)}`, {
      cause,
    });
  }
}

/** Resolves once the directory is closed, or at once as long as another log of this thread has it open. */
export async function closeStore({ root }: Store): Promise<void> {
  const [identity, shared] = [...sharedStores].find(([, { store }]) => store.root === root)!;
  if (--shared.users > 0) return;
  sharedStores.delete(identity);
  await root.close();
}

function tablesOf(root: RootDatabase): Store {
  return {
    root,
    state: root.openDB('state', { encoding: 'json' }),
    channels: root.openDB('channels', { encoding: 'json' }),
    index: root.openDB('index', {}),
    messages: root.openDB('messages', { encoding: 'binary' }),
    released: root.openDB('released', {}),
    keys: root.openDB('keys', { keyEncoding: 'binary' }),
    keyQueue: root.openDB('keyQueue', {}),
    keyShares: root.openDB('keyShares', {}),
    stays: root.openDB('stays', { encoding: 'json' }),
    dueStays: root.openDB('dueStays', {}),
    channelsOf: root.openDB('channelsOf', {}),
    watch: root.openDB('watch', { encoding: 'json' }),
    reporters: root.openDB('reporters', {}),
    subscribers: root.openDB('subscribers', {}),
  };
}

/** Tells a file or directory from its copy, as a backup that was put back is one. */
function identityOf(path: string): string {
  const { ino, birthtimeNs } = statSync(path, { bigint: true });
  return `${ino} ${birthtimeNs}`;
}

function found({ root, state }: Store, file: string, runtime: Runtime): void {
  const layout: unknown = root.get('layout');
  if (layout === undefined) {
    root.put('layout', LAYOUT);
    state.put('state', {
      epoch: newEpoch(runtime),
      sequence: 0,
      bytes: 0,
      forgottenThrough: 0,
      feedFrom: 0,
      releasedBytes: 0,
    });
  } else if (layout !== LAYOUT) {
    throw new Error(`its layout is ${layout}, and this version of fanwire reads ${LAYOUT}`);
  } else if ((root.get('file') ?? file) !== file) {
    // It may lack what was acknowledged since it was copied, and would give those numbers again.
    state.put('state', { ...state.get('state')!, epoch: newEpoch(runtime) });
  }
  if (root.get('file') !== file) root.put('file', file);
}

function sentence(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/**
 * Works in a transaction, all of it or nothing; resolves once that is on disk.
 * @throws what the work threw, or an Error of LMDB
 */
export async function transact<Result>({ root }: Store, work: () => Result): Promise<Result> {
  const done = oweWork();
  try {
    // When something throws, a child transaction is undone, where the plain kind would commit the half of it.
    return await root.childTransaction(() => {
      done();
      return work();
    });
  } catch (error) {
    const { commitError } = error as { commitError?: Promise<never> };
    if (!commitError) throw error;
    // The reason is told a moment later, by a promise of its own.
    return await Promise.race([commitError, nextTurn().then(() => Promise.reject(error))]);
  } finally {
    done();
  }
}

/** What is on disk now, whichever process wrote it: what is read in the same turn is of the same moment. */
export function readState(store: Store): LogState {
  store.root.resetReadTxn();
  return store.state.get('state')!;
}

export function countChannels({ channels }: Store): number {
  return (channels.getStats() as { entryCount: number }).entryCount;
}

/** A range of every key that begins with a text. */
export function beginningWith(first: string): { start: [string, string]; end: [string, string] } {
  return { start: [first, ''], end: [first, '\uffff'] };
}
