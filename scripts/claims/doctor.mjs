// What proxies and carriers do to a hub's wires, as `fanwire doctor` tells it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createHub } from '../../dist/index.js';
import { startMiddlebox } from '../../dist/lab/middlebox/middlebox.js';
import { isUpgrade } from '../../dist/lab/middlebox/request-head.js';
import { bufferBody, dropUpgrade, forgetWhenIdle } from '../../dist/lab/middlebox/treatments.js';

const FORGETS_MS = 4000;
const HOLD_SECONDS = 8;

/** Each a network with one fault, and the claim that the doctor's sentence answers. */
const FAULTS = [
  {
    claims: ['proxy-holds', 'test-behind-one'],
    spoil: (box) => box.use(bufferBody, { when: (head) => !isUpgrade(head) }),
  },
  { claims: ['proxy-strips', 'test-behind-one'], spoil: (box) => box.use(dropUpgrade, { when: isUpgrade }) },
  { claims: ['idle-cut', 'proxies-cut'], spoil: (box) => box.use(forgetWhenIdle(FORGETS_MS, () => {})) },
];

/** Readings of the doctor, which is given a hub behind each fault. */
export async function readDoctor() {
  const server = createServer();
  createHub().attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const readings = [];
  for (const { claims, spoil } of FAULTS) {
    const box = await startMiddlebox(server.address().port);
    spoil(box);
    const { findings } = await doctor(box.url);
    box.close();
    if (findings.length === 0) throw new Error(`fanwire doctor has found nothing of ${claims.join(', ')}`);
    readings.push({
      claims,
      at: 'fanwire doctor',
      part: 'before a network with this fault',
      reading: findings.map(({ sentence }) => sentence).join(' '),
    });
  }
  return readings;
}

async function doctor(url) {
  const args = ['dist/cli/main.js', 'doctor', url, '--hold', `${HOLD_SECONDS}`, '--json'];
  const { stdout } = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(stdout));
}
