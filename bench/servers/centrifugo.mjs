// Driven through its HTTP API, with what a turn publishes in one batch. Its argument is the program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRATCH } from '../support/paths.mjs';
import { freePort, startProgram } from './child.mjs';
import { drive } from './publisher.mjs';

const port = await freePort();
const config = join(SCRATCH, `centrifugo-${port}.json`);
const settings = {
  log: { level: 'error' },
  http_server: { address: '127.0.0.1', port },
  http_api: { key: 'bench' },
  client: { allow_anonymous_connect_without_token: true, channel_limit: 1000 },
  channel: { without_namespace: { allow_subscribe_for_client: true, allow_subscribe_for_anonymous: true } },
};
writeFileSync(config, JSON.stringify(settings));
const child = await startProgram(process.argv[2], ['-c', config], port);

/** What is to be published next, and the promise of its answer: one request after another, as two may overtake each other. */
let commands;
let answered = Promise.resolve();

async function send() {
  const body = JSON.stringify({ commands });
  commands = undefined;
  const answer = await fetch(`http://127.0.0.1:${port}/api/batch`, {
    method: 'POST',
    headers: { 'X-API-Key': 'bench' },
    body,
  });
  const { replies } = await answer.json();
  if (!replies || replies.some(({ error }) => error)) throw new Error(`${answer.status} of /api/batch`);
}

drive(
  port,
  (data, channel = 'scores') => {
    if (!commands) {
      commands = [];
      answered = Promise.all([answered, new Promise(setImmediate)]).then(send);
    }
    commands.push({ publish: { channel, data } });
    return answered;
  },
  child,
);
