import type { Client } from '../../../client/index.ts';
import { MARK_MS, type Recorded, WIRE_CHANNEL, type WireBatch } from '../../inspector/wire-record.ts';
import { randomMark } from './random-mark.ts';

/** Counts the bytes of all requests that carry its mark, as the server sees them. */
export interface WireMeter {
  readonly mark: string;
  bytes(): number;
  close(): void;
}

/** Resolves once the hub heeds the mark. @throws (rejects) FanwireError `forbidden` if the token may not read the console's channels */
export async function openWireMeter(fanwire: Client): Promise<WireMeter> {
  const mark = randomMark();
  let bytes = 0;
  const subscription = fanwire.subscribe<WireBatch>(WIRE_CHANNEL + mark, {
    onMessage({ data: { up, down } }) {
      bytes += up + down;
    },
    // A refusal also rejects the request below, which tells of it.
    onError() {},
  });
  const arm = () => fanwire.request('console:inspect', { mark, what: 'totals' satisfies Recorded });
  try {
    await arm();
  } catch (error) {
    subscription.close();
    throw error;
  }
  const timer = setInterval(() => void arm().catch(() => {}), MARK_MS / 3);
  return {
    mark,
    bytes: () => bytes,
    close() {
      clearInterval(timer);
      subscription.close();
    },
  };
}
