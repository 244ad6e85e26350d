import { createHub } from '../../create-hub.ts';
import { parsePosition } from '../../protocol/position.ts';
import { monotonicMs } from '../monotonic.ts';
import { CHANNEL, LIMITS } from './bounds.ts';
import type { FromNode, ToNode } from './log-message.ts';
import { remoteLog } from './remote-log.ts';

/*
 * A node of a cluster, as a process of its own: `cluster.ts` forks it. Its log is with the process that forked it.
 */

const READERS_MS = 250;

const send = (message: FromNode) => void process.send?.(message, () => {});
const log = remoteLog(send);
/** When the node heard of messages that it has not handed to its subscribers yet, by their sequences. */
const told = new Map<number, number>();

process.on('message', (message: ToNode) => {
  if (message.kind === 'appended') told.set(message.message.sequence, monotonicMs());
  log.heard(message);
});
// Nobody is to be left behind by a console that was killed.
process.on('disconnect', () => process.exit());

const hub = createHub({
  log,
  trustProxy: true,
  limits: LIMITS,
  channels: { [CHANNEL]: { read: 'anyone', publish: 'anyone' }, '*': { read: 'nobody', publish: 'nobody' } },
});
hub.subscribe(CHANNEL, ({ id }) => {
  const { sequence } = parsePosition(id)!;
  const toldAt = told.get(sequence);
  told.delete(sequence);
  if (toldAt !== undefined) send({ kind: 'handed', sequence, toldAt, handedAt: monotonicMs() });
});
const { port } = await hub.listen({ port: 0 });
send({ kind: 'listening', port, node: hub.node });

let last = 0;
setInterval(() => {
  const count = hub.connections().length;
  if (count !== last) send({ kind: 'readers', count });
  last = count;
}, READERS_MS);
