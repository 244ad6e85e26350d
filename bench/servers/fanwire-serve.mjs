// `fanwire serve` with so many workers over a log on disk, published to by HTTP.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProgram } from './child.mjs';
import { poster } from './post.mjs';
import { drive } from './publisher.mjs';

const MAIN = join(dirname(fileURLToPath(import.meta.url)), '../../dist/cli/main.js');
const workers = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'fanwire-serve-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, 'fanwire.json');
writeFileSync(
  config,
  JSON.stringify({
    limits: {
      connectionsPerAddress: 100_000,
      publishesPerSecond: 1_000_000,
      publishBytesPerSecond: 1_000_000_000,
    },
  }),
);
const port = await freePort();
const program = await startProgram(
  process.execPath,
  [
    MAIN,
    'serve',
    '--no-console',
    '--config',
    config,
    '--log',
    `lmdb:${join(folder, 'log')}`,
    '--port',
    `${port}`,
    '--workers',
    workers,
  ],
  port,
);
const publish = poster(`http://127.0.0.1:${port}/channels/scores`, {
  type: 'application/x-ndjson',
  bodyOf: (payloads) => payloads.map((payload) => JSON.stringify(payload)).join('\n'),
});
drive(port, publish, program);
