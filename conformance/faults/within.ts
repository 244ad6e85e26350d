/**
 * Loaded into each process of a node before the product is: tells who is there, and lets the clock be set. What it
 * changes is the machine, not the product.
 */
import cluster from 'node:cluster';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.env.FAULTS_DIRECTORY!;
const own = join(directory, `${cluster.isPrimary ? 'primary' : 'worker'}.${process.pid}`);
process.on('exit', () => rmSync(own, { force: true }));
// Whoever started it is gone, perhaps without having been able to say so.
if (cluster.isPrimary)
  process.stdin
    .once('end', () => process.exit(1))
    .resume()
    .unref();

const now = Date.now;
let offsetMs = 0;
Date.now = () => now() + offsetMs;
process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(join(directory, 'clock'), 'utf8'));
});
// Once it can be told the time: without a handler the signal would end it.
writeFileSync(own, '');
