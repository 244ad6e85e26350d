/*
 * How every server of the benchmark but the C one is driven. It prints {"port","pid"}, and takes lines on standard
 * input, each answered by a line of JSON, and ends when that ends. The answer to the first two is {"last"}, the number of the last message:
 *   ticks TICKS BATCH INTERVAL-US   publishes, TICKS times, BATCH messages within one turn of the event loop
 *   spread GROUPS EACH TICKS SLICES INTERVAL-US   publishes each of TICKS messages once in each group, a slice of the groups within one
 *                                   turn; a group has EACH channels, which take turns
 *   rate PER-SECOND MESSAGES        publishes each message when it is due, late ones at once; its mark tells when it
 *                                   was due, so that a server that can't keep up does not look quick (no coordinated omission)
 *   size BYTES                      of the payloads from now on, as a text that compresses like JSON does
 *   position                        of the last message, as a subscriber would resume from it
 *   prefix WORD                     of the channels of `spread` from now on
 *   collect                         collects garbage
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

const PLAIN_BYTES = 128;
const RECORDS_BYTES = 2 ** 20;
/** How far ahead of time a timer may wake us; the rest is waited for by turns of the event loop. */
const EARLY_MS = 1.5;

let number = 0;
let filling = plain;
let prefix = 'room';

/** As load/subscribers.c reads it. */
const nowUs = () => Math.floor((performance.timeOrigin + performance.now()) * 1000);

/** A payload that begins with a mark as load/marks.h reads it. */
function payload(dueUs) {
  const mark = `#${String(number++).padStart(8, '0')}:${String(dueUs).padStart(16, '0')}#`;
  return mark + filling(mark.length);
}

function plain(begun) {
  return 'x'.repeat(PLAIN_BYTES - begun);
}

/** Rows of a table of results, the same in every run and others in every message, or a window would hold them all. */
function recordsOf(bytes) {
  let text = '';
  for (let seed = 7; text.length < RECORDS_BYTES; seed = (seed * 48271) % 2147483647)
    text += `{player:${seed % 9973},name:Player ${seed % 613},score:${seed % 100003},online:${seed % 2 === 0}},`;
  return (begun) => {
    const from = (number * bytes) % (RECORDS_BYTES - bytes);
    return text.slice(from, from + bytes - begun);
  };
}

const channelOf = (key) => `${prefix}-${String(key).padStart(5, '0')}`;

/**
 * @param {number} port
 * @param {(payload: string, channel?: string) => unknown} publish may answer with a promise of its position; the last one is
 *   waited for
 * @param {import('node:child_process').ChildProcess} program that serves, where it is not this one
 */
export function drive(port, publish, program) {
  let last;
  async function published() {
    await last;
    return { last: number - 1 };
  }
  const commands = {
    async ticks(ticks, batch, intervalUs) {
      for (let tick = 0; tick < ticks; tick++) {
        const due = performance.now() + intervalUs / 1000;
        for (let i = 0; i < batch; i++) last = publish(payload(nowUs()));
        const left = due - performance.now();
        if (left >= 1) await delay(left);
        else await nextTurn();
      }
      return published();
    },
    async spread(groups, each, ticks, slices, intervalUs) {
      for (let tick = 0; tick < ticks; tick++) {
        const data = payload(nowUs());
        const turn = (number - 1) % each;
        for (let slice = 0; slice < slices; slice++) {
          const due = performance.now() + intervalUs / 1000;
          for (let group = slice; group < groups; group += slices)
            last = publish(data, channelOf(group * each + turn));
          const left = due - performance.now();
          if (left >= 1) await delay(left);
          else await nextTurn();
        }
      }
      return published();
    },
    async rate(perSecond, messages) {
      const begin = performance.now();
      const beginUs = nowUs();
      for (let done = 0; done < messages; ) {
        const dueMs = (done * 1000) / perSecond;
        const left = begin + dueMs - performance.now() - EARLY_MS;
        if (left >= 1) await delay(left);
        else await nextTurn();
        const due = Math.min(messages, ((performance.now() - begin) * perSecond) / 1000);
        for (; done < due; done++) {
          last = publish(payload(Math.floor(beginUs + (done * 1e6) / perSecond)));
        }
      }
      return published();
    },
    size(bytes) {
      filling = recordsOf(bytes);
    },
    prefix(word) {
      prefix = word;
    },
    async position() {
      return { position: await last };
    },
    async collect() {
      // What a collection would free is no cost of a connection.
      for (let round = 0; round < 4; round++) {
        globalThis.gc?.();
        await delay(100);
      }
    },
  };
  console.log(JSON.stringify({ port, pid: program?.pid ?? process.pid }));
  createInterface({ input: process.stdin })
    .on('line', async (line) => {
      const [command, ...numbers] = line.split(' ');
      console.log(
        JSON.stringify(
          (await commands[command](
            ...numbers.map((word) => (Number.isNaN(Number(word)) ? word : Number(word))),
          )) ?? {},
        ),
      );
    })
    .once('close', () => {
      if (!program) process.exit();
      // Only what has been waited for is counted as ours (support/busy.mjs).
      program.removeAllListeners('exit').once('exit', () => process.exit());
      program.kill();
    });
}
