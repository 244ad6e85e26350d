/**
 * Loaded into each process of a node before the product is: tells who is there, and lets the clock be set. What it
 * changes is the machine, not the product.
 */
import cluster from 'node:cluster';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.env.FAULTS_DIRECTORY!;
writeFileSync(join(directory, `${cluster.isPrimary ? 'primary' : 'worker'}.${process.pid}`), '');

const now = Date.now;
let offsetMs = 0;
Date.now = () => now() + offsetMs;
process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(join(directory, 'clock'), 'utf8'));
});
