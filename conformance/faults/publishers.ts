import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type TransportName } from '../../src/client/index.ts';
import { onEnd } from '../../test/support/on-end.ts';
import { CHANNELS } from './channels.ts';
import type { Journal, Said } from './journal.ts';
import type { Random } from './random.ts';
import { SDK_OPTIONS } from './sdk-options.ts';

/** What an attempt may take that nobody answers: longer than a node waits for its engine. */
const ATTEMPT_MS = 2500;
const RETRY_MS = 50;
/** Refusals that pass. */
const PASSING = new Set([429, 502, 503, 504]);
/** Some messages are larger than what engines and sockets take at once. */
const LARGE = 60_000;

interface Publishing {
  readonly who: string;
  readonly url: string;
  readonly random: Random;
  /** Once it is aborted nothing new is published. */
  readonly enough: AbortSignal;
}

/** Publishes by `POST`, one after another, each again under its key until it is acknowledged. */
export async function publishRaw(journal: Journal, publishing: Publishing): Promise<void> {
  const { who, url, random, enough } = publishing;
  for (let n = 1; !enough.aborted; n++) {
    const { publish, data } = begin(journal, random, { who, n });
    while (publish.outcome.kind === 'pending' && !journal.closed) {
      // Not `AbortSignal.timeout`: Node 20 collects one that nobody else holds, and it never fires.
      const attempt = new AbortController();
      const timer = setTimeout(() => attempt.abort(), ATTEMPT_MS);
      const answer = await fetch(`${url}/channels/${publish.channel}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': `${who.replaceAll(' ', '-')}-${n}`,
        },
        body: JSON.stringify(data),
        signal: attempt.signal,
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined)
        .finally(() => clearTimeout(timer));
      if (answer?.status === 201) {
        journal.acknowledge(publish, JSON.parse(answer.text).id);
        break;
      }
      if (answer && !PASSING.has(answer.status)) {
        journal.refuse(publish, `${answer.status} ${answer.text}`);
        return;
      }
      journal.attempted(false);
      await delay(RETRY_MS);
    }
    await pause(journal, random);
  }
}

/** Publishes with the SDK, with so many on their way at once. */
export async function publishBySdk(
  t: TestContext,
  journal: Journal,
  { who, url, random, enough }: Publishing,
  atOnce: number,
  transports?: readonly TransportName[],
): Promise<void> {
  const client = connect(url, { ...SDK_OPTIONS, ...(transports && { transports }) });
  onEnd(t, () => client.close());
  const underWay = new Set<Promise<void>>();
  for (let n = 1; !enough.aborted; n++) {
    const { publish, data } = begin(journal, random, { who, n });
    const settling = client.publish(publish.channel, data).then(
      ({ id }) => journal.acknowledge(publish, id),
      (error) => {
        if (!journal.closed) journal.refuse(publish, error);
      },
    );
    underWay.add(settling);
    void settling.then(() => underWay.delete(settling));
    if (underWay.size >= atOnce) await Promise.race(underWay);
    await pause(journal, random);
    if (client.status.state === 'closed') return;
  }
  await Promise.all(underWay);
}

function begin(journal: Journal, random: Random, said: Said) {
  const channel = random.pick(CHANNELS);
  const publish = journal.begin(said, channel);
  const data = random.chance(0.02) ? { ...said, text: 'x'.repeat(LARGE) } : said;
  return { publish, data };
}

async function pause(journal: Journal, random: Random): Promise<void> {
  await delay(random.between(20, 100));
  await journal.rested();
}
