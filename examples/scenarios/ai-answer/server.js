// No model is asked: the answer is put together on this machine, of those sentences that share words with the question.
import { setTimeout as sleep } from 'node:timers/promises';

const TOKEN_MS = 70;
const SENTENCES = [
  'Plain HTTP lets only the client begin, so a server that has news must wait to be asked.',
  'Polling asks on a timer: it works everywhere, and news is late by half the interval.',
  'Long polling parks the request until there is something to say, so news arrives almost at once.',
  'Server-sent events are one response that never ends, and the browser reconnects by itself.',
  'A WebSocket carries messages both ways, which suits chat, games and collaboration.',
  'Each message has a position in the log, and a client that comes back names the last one it has.',
  'A page that is reloaded in mid-sentence therefore goes on with the next token, and none is lost.',
];

export const channels = {
  'console:demo:ai-answer': { read: 'nobody', retain: { ageMs: 60_000 } },
  'console:demo:ai-answer:*': { publish: 'nobody', retain: { count: 2000, ageMs: 3_600_000 } },
};

export function start(hub) {
  const underWay = new Set();
  const questions = hub.subscribe('console:demo:ai-answer', async ({ data }) => {
    const { id, question, from } = data ?? {};
    // A page asks again whenever it connects: what is being answered is not answered twice.
    if (!/^[\d-]{7,43}$/.test(id) || underWay.has(id)) return;
    underWay.add(id);
    try {
      const tokens = answer(String(question));
      for (let at = Math.max(0, Math.trunc(from) || 0); at < tokens.length; at++) {
        await sleep(TOKEN_MS);
        await hub.publish(`console:demo:ai-answer:${id}`, { at, token: tokens[at], last: !tokens[at + 1] });
      }
    } finally {
      underWay.delete(id);
    }
  });
  return () => questions.close();
}

/** The same for the same question: a hub that is started anew goes on where the last one ended. */
function answer(question) {
  const words = question.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  const found = SENTENCES.filter((sentence) => words.some((word) => sentence.toLowerCase().includes(word)));
  return (found.length > 1 ? found : SENTENCES).join(' ').match(/\s?\S{1,5}/g);
}
