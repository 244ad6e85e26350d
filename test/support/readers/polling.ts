import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gap } from '../../../src/protocol/gap.ts';
import { readAnswer } from '../http.ts';
import { opener } from '../http2.ts';
import {
  channelUrl,
  Disconnected,
  type Item,
  itemOf,
  positionOf,
  type Reader,
  type ReaderOptions,
  Refused,
  type WireMessage,
} from './reader.ts';

const POLL_INTERVAL_MS = 5;

interface Page {
  readonly messages: readonly WireMessage[];
  readonly gaps: readonly Gap[];
  readonly position: string;
  readonly more: boolean;
}

/** Asks again and again on one kept connection, each time for what is new. */
export function openPolling(base: string, options: ReaderOptions): Promise<Reader> {
  return openPages(base, options, 0);
}

/** Asks, and is answered when there is something. */
export function openLongPolling(base: string, options: ReaderOptions): Promise<Reader> {
  return openPages(base, options, 30);
}

async function openPages(base: string, options: ReaderOptions, waitSeconds: number): Promise<Reader> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let unread: Item[] = [];
  let reached = '';
  let position = options.after ?? '';
  const { last: _last, ...ongoing } = options;

  async function ask(from: ReaderOptions, query: Record<string, string>): Promise<void> {
    const answer = await opener(options)(channelUrl(base, from, query), {
      headers: options.headers ?? {},
      agent,
    })
      .then(async (response) => {
        const answer = await readAnswer(response);
        // A stream of HTTP/2 that is cut ends as if it were whole.
        if (Number(answer.headers['content-length']) !== answer.body.length) throw new Error('it is cut');
        return answer;
      })
      .catch((cause) => {
        throw new Disconnected('the request broke off', { cause });
      });
    if (answer.status !== 200) throw new Refused(answer.status);
    const page: Page = answer.json();
    unread = [...page.gaps.map((gap): Item => ({ kind: 'gap', gap })), ...page.messages.map(itemOf)];
    reached = page.position;
    if (unread.length === 0) position = reached;
  }

  // The first request says where reading begins and must not be parked for that.
  const from = options.after === undefined && options.last === undefined ? { after: 'now' } : {};
  await ask({ ...options, ...from }, {});

  return {
    async next() {
      while (unread.length === 0) {
        await ask({ ...ongoing, after: reached }, waitSeconds ? { wait: `${waitSeconds}` } : {});
        if (unread.length === 0 && waitSeconds === 0) await delay(options.pollIntervalMs ?? POLL_INTERVAL_MS);
      }
      const item = unread.shift()!;
      position = unread.length === 0 ? reached : positionOf(item);
      return item;
    },
    get position() {
      return position;
    },
    pause() {},
    resume() {},
    close() {
      agent.destroy();
    },
  };
}
