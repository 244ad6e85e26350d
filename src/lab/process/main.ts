/*
 * The lab in a process of its own, which `startLab` begins: what is measured is then not held up by a hub that serves, nor that hub by it.
 */
import { Drive } from '../drive.ts';
import { judgedColumn } from '../lab.ts';
import { measure, warmUp } from '../measure.ts';
import type { Network } from '../networks/network.ts';
import { NETWORKS } from '../networks/networks.ts';
import type { Setting } from '../scene.ts';
import type { Certificates, Tls } from '../tls.ts';
import { provideWebTransport } from '../web-transport.ts';
import type { Beginning, Choice, LabNews, Order } from './orders.ts';

const COLUMN_MS = 1000;
const DRIVE_MS = 250;

const provided = provideWebTransport();
let certificates: Certificates | undefined;
let waiting: readonly { readonly choice: Choice; readonly pace: number }[] = [];
let work:
  | { readonly kind: 'none' | 'measuring' }
  | { readonly kind: 'driving'; readonly drive: Promise<Drive> } = { kind: 'none' };

function tell(news: LabNews): void {
  process.send?.(news);
}

async function measureAll(): Promise<void> {
  work = { kind: 'measuring' };
  await provided;
  const warm = new Set<Tls>();
  for (let next = waiting[0]; next; next = waiting[0]) {
    const { choice, pace } = next;
    const { tls } = choice;
    const setting = { pace, tls, certificates };
    if (!warm.has(tls)) await warmUp(setting);
    warm.add(tls);
    waiting = waiting.slice(1);
    await measureOne(choice, setting);
  }
  work = { kind: 'none' };
  tell({ kind: 'done' });
}

async function measureOne(choice: Choice, setting: Setting): Promise<void> {
  const { pace } = setting;
  const told = () => ({ pace, waiting: waiting.map(({ choice }) => choice) });
  let timer: NodeJS.Timeout | undefined;
  const column = await measure(named(choice), setting, {
    watch(look) {
      const tellColumn = () => {
        const { stage, column } = look();
        // It is told once, after the hub has been closed.
        if (stage === 'over') return;
        tell({ kind: 'column', stage, column: judgedColumn(column, pace), ...told() });
      };
      timer = setInterval(tellColumn, COLUMN_MS);
      tellColumn();
    },
  });
  clearInterval(timer);
  tell({ kind: 'column', stage: 'over', column: judgedColumn(column, pace), ...told() });
}

async function drive(choice: Choice, pace: number): Promise<Drive> {
  await provided;
  const drive = await Drive.open(named(choice), { pace, tls: choice.tls, certificates });
  setInterval(() => tell({ kind: 'drive', drive: drive.news(), pace }), DRIVE_MS);
  return drive;
}

/** Whoever began it is told by stderr. */
function fail(error: unknown): never {
  console.error((error as Error).message);
  process.exit(1);
}

function named({ network }: Choice): Network {
  const found = NETWORKS.find(({ name }) => name === network);
  if (!found) throw new Error(`no network is called ${network}`);
  return found;
}

process.on('message', (order: Beginning | Order) => {
  switch (order.kind) {
    case 'begin':
      ({ certificates } = order);
      return;
    case 'measure':
      waiting = [...waiting, ...order.choices.map((choice) => ({ choice, pace: order.pace }))];
      if (work.kind === 'none') measureAll().catch(fail);
      return;
    case 'drive':
      if (work.kind === 'none') {
        work = { kind: 'driving', drive: drive(order.choice, order.pace) };
        work.drive.catch(fail);
      }
      return;
    case 'act':
      if (work.kind === 'driving') work.drive.then((drive) => drive.act(order.act)).catch(fail);
      return;
  }
});
// Whoever began it is gone.
process.on('disconnect', () => process.exit());
