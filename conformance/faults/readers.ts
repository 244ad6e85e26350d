import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type TransportName } from '../../src/client/index.ts';
import { onEnd } from '../../test/support/on-end.ts';
import { type OpenReader, positionOf, type Reader } from '../../test/support/readers/reader.ts';
import type { Journal, Reading } from './journal.ts';
import { SDK_OPTIONS } from './sdk-options.ts';

/** A connection over which nothing has come for so long is given up: there is always somebody who publishes. */
const SILENCE_MS = 2500;
const RETRY_MS = 30;

interface WiredReading extends Reading {
  readonly url: string;
}

/** Reads over one transport with nothing of the product's, resuming as PROTOCOL says, until the test ends. */
export function readRaw(
  t: TestContext,
  journal: Journal,
  reading: WiredReading,
  open: OpenReader,
  limit?: number,
): void {
  const { channels, url, after } = reading;
  const record = journal.addReader(reading, { oneOrder: true });
  let reader: Reader | undefined;
  let ended = false;
  onEnd(t, () => {
    ended = true;
    reader?.close();
  });

  async function read(): Promise<void> {
    let position = after;
    while (!ended) {
      try {
        const options = { channels, after: position, pollIntervalMs: 50, ...(limit && { limit }) };
        reader = await inTime(open(url, options));
        for (;;) {
          const item = await inTime(reader.next());
          record.take(item);
          // 1.8: on several channels a gap leaves the position where it was.
          if (item.kind === 'message' || channels.length === 1) position = positionOf(item);
        }
      } catch {
        await delay(RETRY_MS);
      } finally {
        reader?.close();
      }
    }
  }
  void read();
}

/** Reads with the SDK until the test ends. */
export function readBySdk(
  t: TestContext,
  journal: Journal,
  reading: WiredReading,
  transports?: readonly TransportName[],
): void {
  const { channels, url, after } = reading;
  const patient = transports?.join() === 'long-polling';
  const record = journal.addReader(reading, { oneOrder: false, patient });
  const client = connect(url, { ...SDK_OPTIONS, ...(transports && { transports }) });
  onEnd(t, () => client.close());
  for (const channel of channels) {
    client.subscribe(channel, {
      after,
      onMessage: (message) => record.take({ kind: 'message', message }),
      onGap: (gap) => record.take({ kind: 'gap', gap }),
      onError: record.refuse,
    });
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const end = new AbortController();
  const silent = delay(SILENCE_MS, undefined, { signal: end.signal }).then(() => {
    throw new Error('silence');
  });
  silent.catch(() => {});
  promise.catch(() => {});
  try {
    return await Promise.race([promise, silent]);
  } finally {
    end.abort();
  }
}
