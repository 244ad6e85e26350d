import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createRecorder, type Recorder } from '../../../src/console/inspector/recorder.ts';
import type { Side, WireBatch, WireRecord } from '../../../src/console/inspector/wire-record.ts';
import { createHub, type FanwireHub, type HubOptions } from '../../../src/index.ts';
import { onEnd } from '../../support/on-end.ts';

export interface RecordedHub {
  readonly hub: FanwireHub;
  readonly port: number;
  readonly recorder: Recorder;
  readonly sockets: readonly Socket[];
  readonly records: readonly WireRecord[];
  readonly batches: readonly WireBatch[];
  /** Resolves once it holds, asked after each batch. */
  until(enough: () => boolean): Promise<void>;
  /** The bytes of the n-th exchange, from 0, that were recorded of a side. */
  bytes(side: Side, nth?: number): Buffer;
  /** Resolves once so many exchanges have ended. */
  ended(count: number): Promise<void>;
}

export const MARK = 'a-mark-of-22-letters-1';

/** A hub on a server that is listened in on, with what was recorded under `MARK`. */
export async function startRecordedHub(
  t: TestContext,
  options: HubOptions & { readonly what?: 'bytes' | 'totals' | 'nothing yet' } = {},
): Promise<RecordedHub> {
  const { what = 'bytes', ...hubOptions } = options;
  const hub = createHub(hubOptions);
  const server = createServer();
  hub.attach(server);
  const records: WireRecord[] = [];
  const batches: WireBatch[] = [];
  const sockets: Socket[] = [];
  let wake = () => {};
  const recorder = createRecorder(server, {
    async publish(_, batch) {
      batches.push(batch);
      records.push(...batch.records);
      wake();
    },
    maySee: (path) => path.startsWith('/channels/'),
  });
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(t, async () => {
    recorder.stop();
    await hub.close({ drainMs: 0 });
    server.closeAllConnections();
    server.close();
  });
  if (what !== 'nothing yet') recorder.arm(MARK, what);

  async function until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const openings = () => records.filter(({ kind }) => kind === 'open');

  return {
    hub,
    port: (server.address() as AddressInfo).port,
    recorder,
    sockets,
    records,
    batches,
    until,
    ended: (count) => until(() => records.filter(({ kind }) => kind === 'end').length >= count),
    bytes(side, nth = 0) {
      const exchange = openings()[nth]?.exchange;
      return Buffer.concat(
        records.flatMap((record) =>
          record.kind === 'bytes' && record.exchange === exchange && record.from === side
            ? [Buffer.from(record.base64, 'base64')]
            : [],
        ),
      );
    },
  };
}
