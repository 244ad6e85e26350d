// What a run brought, kept with everything that one must know to judge it.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { CENTRIFUGO } from '../contestants.mjs';
import { versionOf } from './engines.mjs';
import { BENCH, RESULTS, ROOT } from './paths.mjs';

/** Machine, date, versions. */
export function environment() {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpu.model.trim(),
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
    },
    versions: Object.fromEntries(
      Object.entries({
        node: process.versions.node,
        fanwire: fanwireVersion(),
        ws: packageVersion(ROOT, 'ws'),
        'Socket.IO': packageVersion(BENCH, 'socket.io'),
        SockJS: packageVersion(BENCH, 'sockjs'),
        Centrifugo: centrifugoVersion(),
        Bun: packageVersion(BENCH, 'bun'),
        nginx: versionOf('nginx', ['-v']),
        nchan: versionOf('dpkg-query', ['-W', 'libnginx-mod-nchan']),
        Mosquitto: versionOf('mosquitto', ['-h']),
        Redis: versionOf('redis-server'),
        NATS: versionOf('nats-server'),
      }).filter(([, version]) => version !== undefined),
    ),
  };
}

export function record({ name, title }, about, tables) {
  const path = join(RESULTS, `${name}.json`);
  writeFileSync(
    path,
    `${JSON.stringify({ measure: name, title, ...about, tables: tables.map(rounded) }, null, 2)}\n`,
  );
}

/** Digits beyond those that are shown would change with every run, and tell nothing. */
function rounded(table) {
  const decimals = Object.fromEntries(table.columns.map((column) => [column.key, column.decimals]));
  const rows = table.rows.map((row) => ({
    ...row,
    figures: Object.fromEntries(
      Object.entries(row.figures)
        // Only what is shown, and what there is a figure for.
        .filter(([key, figure]) => key in decimals && figure !== undefined)
        .map(([key, figure]) => [key, Number(figure.toFixed(decimals[key]))]),
    ),
  }));
  return { ...table, rows };
}

function fanwireVersion() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  return commit.status === 0 ? `${version} (${commit.stdout.trim()})` : version;
}

/** What `go install` built does not know its own. */
function centrifugoVersion() {
  const { error, stdout } = spawnSync('go', ['version', '-m', CENTRIFUGO ?? ''], { encoding: 'utf8' });
  return error ? undefined : /centrifugo\/v\d+\s+v([\d.]+)/.exec(stdout)?.[1];
}

function packageVersion(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
