import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startGrpcHub } from '../../grpc/support/grpc-hub.ts';
import { makeDirectory } from '../../support/directory.ts';
import { onEnd } from '../../support/on-end.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { PYTHON, PYTHON_STUBS } from './python.ts';

const SERVICES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Go: ['.build/world/grpc-go-service'],
  Python: [...PYTHON, 'examples/services/python/main.py'],
};
const ROUNDS = 6;
const ORDERS_A_ROUND = 10;

for (const [name, command] of Object.entries(SERVICES)) {
  test(`the service in ${name} counts each order once, whenever it is killed or cut`, {
    timeout: 100_000,
  }, async (t) => {
    const { hub, port } = await startGrpcHub(t);
    const proxy = await startTcpProxy(t, port);
    const database = join(await makeDirectory(t), 'orders.db');
    const start = () => startService(t, command, `127.0.0.1:${proxy.port}`, database);
    const sums = hub.subscribe<number>('sums', { after: 'start' });
    const told: number[] = [];
    let service = start();
    for (let round = 0; round < ROUNDS; round++) {
      const orders = Array.from({ length: ORDERS_A_ROUND }, (_, index) => round * ORDERS_A_ROUND + index + 1);
      await Promise.all(orders.map((amount) => hub.publish('orders', { amount })));
      // In the middle of what it has to do.
      while (told.length < round * ORDERS_A_ROUND + 4) told.push((await sums.next()).value!.data);
      if (round % 2 === 0) {
        service.kill('SIGKILL');
        await once(service, 'close');
        service = start();
      } else proxy.cut();
    }
    const count = ROUNDS * ORDERS_A_ROUND;
    while (told.length < count) told.push((await sums.next()).value!.data);
    assert.deepEqual(
      told,
      Array.from({ length: count }, (_, index) => ((index + 1) * (index + 2)) / 2),
    );
  });
}

function startService(t: TestContext, command: readonly string[], ...args: string[]): ChildProcess {
  const child = spawn('env', [`PYTHONPATH=${PYTHON_STUBS}`, ...command, ...args], { stdio: 'ignore' });
  onEnd(t, () => child.kill('SIGKILL'));
  return child;
}
