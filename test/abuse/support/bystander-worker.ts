/**
 * An honest client in a thread of its own, so that no work of the attacker's delays it: asks for the hub's health and
 * publishes, by turns, and notes how long each takes.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Sightings } from './bystander.ts';

const PAUSE_MS = 10;
const { url, from, headers } = workerData as {
  url: string;
  from: string;
  headers: Readonly<Record<string, string>>;
};
const agent = new Agent({ keepAlive: true, localAddress: from });

let slowestMs = 0;
let answers = 0;
let failures: string[] = [];
/** When the request under way began. */
let began: number | undefined;

parentPort!.on('message', () => {
  const pendingMs = began === undefined ? 0 : performance.now() - began;
  const sightings: Sightings = { answers, failures, slowestMs: Math.max(slowestMs, pendingMs) };
  parentPort!.postMessage(sightings);
  slowestMs = 0;
  answers = 0;
  failures = [];
});

for (let turn = 0; ; turn++) {
  began = performance.now();
  const failure = await (turn % 2 === 0 ? ask('GET', '/healthz') : ask('POST', '/channels/bystander', '1'));
  slowestMs = Math.max(slowestMs, performance.now() - began);
  began = undefined;
  if (failure === undefined) answers += 1;
  else failures.push(failure);
  await delay(PAUSE_MS);
}

function ask(method: string, path: string, body?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request(`${url}${path}`, {
      method,
      agent,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    });
    sent.on('error', (error) => resolve(`${method} ${path}: ${error.message}`));
    sent.on('response', (response) => {
      response.resume().on('close', () => {
        const { statusCode = 0 } = response;
        // Health is 503 as soon as the log takes half a second. The publishes tell whether anybody is served.
        const isSlow = path === '/healthz' && statusCode === 503;
        resolve(statusCode < 300 || isSlow ? undefined : `${method} ${path}: ${statusCode}`);
      });
    });
    sent.end(body);
  });
}
