import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { send } from '../../test/support/http.ts';
import { PATIENT_MS } from '../../test/support/patience.ts';
import {
  Disconnected,
  type Item,
  messagesOf,
  type OpenReader,
  positionOf,
  type Reader,
  Refused,
} from '../../test/support/readers/reader.ts';
import type { Engine } from './engines.ts';

/** How long a client waits before it comes again. */
const RETRY_MS = 100;

export interface RunningNode {
  readonly url: string;
  readonly port: number;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Subscribers of a channel on all nodes, as this one knows; undefined where the engine is late with it. */
  occupancy(channel: string): Promise<number | undefined>;
}

/** What a call to an engine may take where an outage is meant: it is to be over sooner than in earnest. */
export const OUTAGE_MS = 1000;

/** Starts nodes, each a process of its own, for as long as the test lasts. */
export function startNodes(
  t: TestContext,
  engine: Engine,
  enginePorts: readonly number[],
  timeoutMs = PATIENT_MS,
): Promise<RunningNode[]> {
  return Promise.all(enginePorts.map((port) => startNode(t, engine, port, timeoutMs)));
}

async function startNode(
  t: TestContext,
  engine: Engine,
  enginePort: number,
  timeoutMs: number,
): Promise<RunningNode> {
  const file = fileURLToPath(new URL('./node.js', import.meta.url));
  const child: ChildProcess = fork(file, [engine.name, `${enginePort}`, `${timeoutMs}`], { execArgv: [] });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code, signal]) =>
    assert.fail(`a node has ended: ${code ?? signal}`),
  );
  // A test that kills a node on purpose does not wait for a message of it.
  ended.catch(() => {});
  const next = async <Report>() => ((await Promise.race([once(child, 'message'), ended])) as [Report])[0];
  const { port } = await next<{ port: number }>();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async kill() {
      assert.equal(child.exitCode ?? child.signalCode, null, 'the node has ended by itself');
      child.kill('SIGKILL');
      await once(child, 'exit');
      // Else another test's server may be given the port, and readers that come back would wait for its messages.
      const stillDead = createServer((socket) => socket.destroy());
      t.after(() => stillDead.close());
      await once(stillDead.listen(port, '127.0.0.1'), 'listening');
    },
    async occupancy(channel) {
      const answered = next<{ occupancy?: number }>();
      child.send(channel);
      return (await answered).occupancy;
    },
  };
}

/** Asks again while the log can't tell: on a busy machine, or after an outage, from which each node finds its own way back. */
export async function ask(url: string) {
  for (;;) {
    const answer = await send(url);
    if (answer.status === 200) return answer.json();
    assert.equal(answer.status, 503, answer.text);
    await delay(RETRY_MS);
  }
}

/** Publishes a value, through one node after another until one has acknowledged it. */
export async function publish(
  nodes: readonly RunningNode[],
  channel: string,
  value: number,
  onRefusal: (status: number) => void = () => {},
): Promise<string> {
  for (let turn = value; ; turn += 1) {
    const { url } = nodes[turn % nodes.length]!;
    const answer = await send(`${url}/channels/${channel}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `value-${value}` },
      body: JSON.stringify(value),
    }).catch(() => undefined);
    if (answer?.status === 201) return answer.json().id;
    if (answer) assert.equal(answer.status, 503, answer.text);
    onRefusal(answer?.status ?? 0);
    await delay(RETRY_MS);
  }
}

/**
 * Reads on with its position after every break and every refusal, from wherever `urlOf` says, until it has
 * the value `last`.
 */
export async function readThrough(
  open: OpenReader,
  urlOf: () => string,
  channel: string,
  after: string,
  last: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let position = after;
  for (;;) {
    let reader: Reader | undefined;
    try {
      reader = await open(urlOf(), { channels: [channel], after: position });
      for (;;) {
        const item = await reader.next();
        items.push(item);
        position = positionOf(item);
        if (item.kind === 'message' && item.message.data === last) return items;
      }
    } catch (error) {
      if (!(error instanceof Disconnected) && !(error instanceof Refused)) throw error;
      await delay(RETRY_MS);
    } finally {
      reader?.close();
    }
  }
}

/** 0 to `last`, each once and in order, and no gap. */
export function assertComplete(items: readonly Item[], last: number, whose: string): void {
  assert.deepEqual(
    messagesOf(items).map(({ data }) => data),
    Array.from({ length: last + 1 }, (_, index) => index),
    whose,
  );
}
