import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedRuntime } from '../../../test/support/simulated-runtime.ts';
import { SecondWheel } from './second-wheel.ts';

function ticket(name: string, log: string[], then: () => void = () => {}) {
  return {
    due() {
      log.push(name);
      then();
    },
  };
}

function turns(wheel: SecondWheel, seconds: number): void {
  for (let second = 0; second < seconds; second++) wheel.turn();
}

test('it comes due once, after so many seconds and one at least', () => {
  const wheel = new SecondWheel();
  const log: string[] = [];
  wheel.plan(ticket('three', log), 3);
  wheel.plan(ticket('none', log), 0);
  wheel.turn();
  assert.deepEqual(log, ['none']);
  turns(wheel, 10);
  assert.deepEqual(log, ['none', 'three']);
});

test('a new plan replaces the old one, and a cancelled one never comes', () => {
  const wheel = new SecondWheel();
  const log: string[] = [];
  const [moved, cancelled] = [ticket('moved', log), ticket('cancelled', log)];
  wheel.plan(moved, 1);
  wheel.plan(moved, 5);
  wheel.plan(cancelled, 1);
  wheel.cancel(cancelled);
  wheel.cancel(cancelled);
  turns(wheel, 4);
  assert.deepEqual(log, []);
  wheel.turn();
  assert.deepEqual(log, ['moved']);
});

test('what comes due may plan itself again, and cancel another of the same second', () => {
  const wheel = new SecondWheel();
  const log: string[] = [];
  const other = ticket('other', log);
  const again: { due(): void } = ticket('again', log, () => {
    wheel.plan(again, 2);
    wheel.cancel(other);
  });
  wheel.plan(again, 1);
  wheel.plan(other, 1);
  turns(wheel, 5);
  assert.deepEqual(log, ['again', 'again', 'again']);
});

test('it turns by itself between start and stop', async () => {
  const runtime = new SimulatedRuntime();
  const wheel = new SecondWheel(console.error, runtime);
  const log: string[] = [];
  wheel.start();
  wheel.start();
  wheel.plan(ticket('two', log), 2);
  wheel.plan(ticket('nine', log), 9);
  await runtime.pass(1999);
  assert.deepEqual(log, []);
  await runtime.pass(1);
  assert.deepEqual(log, ['two']);
  wheel.stop();
  await runtime.pass(60_000);
  assert.deepEqual(log, ['two']);
});

test('one that fails is reported, and keeps nobody from their turn', () => {
  const reported: unknown[] = [];
  const wheel = new SecondWheel((error) => reported.push(error));
  const log: string[] = [];
  const fault = new Error('too many open files');
  wheel.plan(
    ticket('first', log, () => {
      throw fault;
    }),
    1,
  );
  wheel.plan(ticket('second', log), 1);
  wheel.turn();
  assert.deepEqual([log, reported], [['first', 'second'], [fault]]);
});
