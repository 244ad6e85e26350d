/*
 * The lab in a process of its own, which `startLab` begins: what is measured is then not held up by a hub that serves, nor that hub by it.
 */
import { Drive } from '../drive.ts';
import { judgedColumn } from '../lab.ts';
import { measure, warmUp } from '../measure.ts';
import type { Network } from '../networks/network.ts';
import { NETWORKS } from '../networks/networks.ts';
import type { Pace } from '../pace.ts';
import type { LabNews, Order } from './orders.ts';

const COLUMN_MS = 1000;
const DRIVE_MS = 250;

const waiting: { readonly network: Network; readonly pace: Pace }[] = [];
let work:
  | { readonly kind: 'none' | 'measuring' }
  | { readonly kind: 'driving'; readonly drive: Promise<Drive> } = { kind: 'none' };

function tell(news: LabNews): void {
  process.send?.(news);
}

async function measureAll(): Promise<void> {
  work = { kind: 'measuring' };
  await warmUp(waiting[0]!.pace);
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { network, pace } = next;
    const told = () => ({ pace, waiting: waiting.map((each) => each.network.name) });
    let timer: NodeJS.Timeout | undefined;
    const column = await measure(network, pace, {
      watch(look) {
        const tellColumn = () => {
          const { stage, column } = look();
          tell({ kind: 'column', stage, column: judgedColumn(column, pace), ...told() });
        };
        timer = setInterval(tellColumn, COLUMN_MS);
        tellColumn();
      },
    });
    clearInterval(timer);
    tell({ kind: 'column', stage: 'over', column: judgedColumn(column, pace), ...told() });
  }
  work = { kind: 'none' };
  tell({ kind: 'done' });
}

async function drive(network: Network, pace: Pace): Promise<Drive> {
  const drive = await Drive.open(network, pace);
  setInterval(() => tell({ kind: 'drive', drive: drive.news(), pace }), DRIVE_MS);
  return drive;
}

function named(name: string): Network {
  const network = NETWORKS.find((each) => each.name === name);
  if (!network) throw new Error(`no network is called ${name}`);
  return network;
}

process.on('message', (order: Order) => {
  switch (order.kind) {
    case 'measure':
      waiting.push(...order.networks.map((name) => ({ network: named(name), pace: order.pace })));
      if (work.kind === 'none') void measureAll();
      return;
    case 'drive':
      if (work.kind === 'none') work = { kind: 'driving', drive: drive(named(order.network), order.pace) };
      return;
    case 'act':
      if (work.kind === 'driving') void work.drive.then((drive) => drive.act(order.act));
      return;
  }
});
// Whoever began it is gone.
process.on('disconnect', () => process.exit());
