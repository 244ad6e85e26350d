/**
 * A process with a log in a directory, killed by its tests as they please. It appends what it is told to
 * and tells over the process channel of each acknowledgement and of all that it hears.
 */
import { appendOne } from '../../../src/log/append-one.ts';
import { lmdbLog } from '../../../src/log/lmdb/index.ts';
import type { FanwireError } from '../../../src/protocol/errors.ts';
import { PATIENT_MS } from '../../support/patience.ts';

export interface NodeCommand {
  readonly channel: string;
  /** What the messages say is `name.0`, `name.1` …; that is their key as well. */
  readonly name: string;
  readonly messages: number;
  /** How many are on their way at once. */
  readonly atOnce: number;
}

export type NodeReport =
  | { readonly kind: 'open' }
  | { readonly kind: 'acknowledged'; readonly data: string; readonly sequence: number }
  | { readonly kind: 'heard'; readonly data: string; readonly sequence: number }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'done' };

const [directory, ...channels] = process.argv.slice(2);

function report(report: NodeReport): void {
  process.send!(report);
}

const log = lmdbLog({ directory: directory!, timeoutMs: PATIENT_MS });
await log.open(
  {
    appended: ({ sequence, payload }) =>
      report({ kind: 'heard', data: payload.kind === 'binary' ? '' : payload.text, sequence }),
    interrupted: () => report({ kind: 'interrupted' }),
  },
  (channel) => ({ count: channel === 'ephemeral' ? 0 : 1e6, ageMs: 1e9 }),
);
for (const channel of channels) await log.follow(channel);

process.on('message', async ({ channel, name, messages, atOnce }: NodeCommand) => {
  let next = 0;
  const appendInTurn = async () => {
    while (next < messages) {
      const data = `${name}.${next++}`;
      const payload = { kind: 'text', text: data } as const;
      try {
        const message = { channel, type: undefined, time: Date.now(), payload };
        const { position } = await appendOne(log, { message, idempotencyKey: { name: data } });
        report({ kind: 'acknowledged', data, sequence: position.sequence });
      } catch (error) {
        return report({ kind: 'refused', code: (error as FanwireError).code });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, appendInTurn));
  report({ kind: 'done' });
});
// A file that may grow no more is as good as a disk that is full.
process.on('SIGXFSZ', () => {});
process.on('disconnect', () => process.exit());
report({ kind: 'open' });
