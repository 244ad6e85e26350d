import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedRuntime } from '../../../test/support/simulated-runtime.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Asker } from './asker.ts';
import type { AskRight, Right, RightAnswer, RightRequest } from './right.ts';
import { Rights } from './rights.ts';

const ADA: Asker = { subject: 'ada', claims: { team: 'red', iat: 1 }, address: '10.0.0.1' };
const BOB: Asker = { subject: 'bob', claims: { team: 'red', iat: 2 }, address: '10.0.0.2' };
const ALL = { concerns: () => true };
const MINUTE = 60_000;

/** What functions are asked, and when they answer, is the test's. */
function openRights({ rememberMs = MINUTE, rememberedRights = 100 } = {}) {
  const runtime = new SimulatedRuntime();
  const rights = new Rights({ limits: { rightSeconds: 5, rememberedRights }, rememberMs, runtime });
  const ask = (fn: AskRight, asker = ADA, channel = 'room.1') =>
    rights.right(asker, { kind: 'read', channel, params: {}, ask: fn });
  return { runtime, rights, ask };
}

/** A function that answers once it is told to, and counts. */
function slow(look: (request: RightRequest) => unknown = ({ subject }) => subject) {
  const answers: ((answer: RightAnswer) => void)[] = [];
  const fn: AskRight = (request) => {
    look(request);
    return new Promise((resolve) => answers.push(resolve));
  };
  return { fn, answers };
}

const GRANTED: Right = { granted: true, until: undefined };
const REFUSED: Right = { granted: false, error: undefined };

test('a thousand who ask the same at once have it asked once, and then it is known without a promise', async () => {
  const { ask } = openRights();
  const { fn, answers } = slow();
  const asked = Array.from({ length: 1000 }, () => ask(fn, { ...ADA }));
  assert.equal(answers.length, 1);
  answers[0]!(true);
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([GRANTED]));
  assert.deepEqual(ask(fn), GRANTED);
  assert.equal(answers.length, 1);
});

test('who differs in nothing that the function looks at asks the same', async () => {
  const counts: Record<string, number> = {};
  const fnOf =
    (trait: 'subject' | 'claims' | 'address' | 'channel'): AskRight =>
    (request) => {
      assert.ok(request[trait]);
      counts[trait] = (counts[trait] ?? 0) + 1;
      return true;
    };
  const askers: Asker[] = [
    ADA,
    { ...ADA, address: '10.0.0.3' },
    { ...ADA, claims: { ...ADA.claims, iat: 3 } },
    { ...ADA, claims: { ...ADA.claims } },
    BOB,
  ];
  for (const trait of ['subject', 'claims', 'address', 'channel'] as const) {
    const { ask } = openRights();
    const fn = fnOf(trait);
    for (const asker of askers) assert.deepEqual(await ask(fn, asker), GRANTED);
  }
  assert.deepEqual(counts, { subject: 2, claims: 3, address: 3, channel: 1 });
});

test('what a function looks at late is heeded as well: nobody is given another’s answer', async () => {
  const { ask } = openRights();
  let go = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const fn: AskRight = async (request) => {
    await gate;
    return request.subject === 'ada';
  };
  const asked = [ask(fn, ADA), ask(fn, BOB), ask(fn, ADA)];
  go();
  assert.deepEqual(await Promise.all(asked), [GRANTED, REFUSED, GRANTED]);
  assert.deepEqual([ask(fn, ADA), ask(fn, BOB)], [GRANTED, REFUSED]);
});

test('claims that JSON can’t hold are like nobody else’s', async () => {
  const { ask } = openRights();
  const fn: AskRight = ({ claims }) => claims.id === 1n;
  assert.deepEqual(await ask(fn, { ...ADA, claims: { id: 1n } }), GRANTED);
  assert.deepEqual(await ask(fn, { ...ADA, claims: { id: 2n } }), REFUSED);
});

test('it is remembered for its time, for a time of its own, and for five seconds at most if it is no', async () => {
  const { runtime, ask } = openRights();
  const until = runtime.now() + 10 * MINUTE;
  const cases: [RightAnswer, Right, number][] = [
    [true, GRANTED, MINUTE],
    [{ until }, { granted: true, until }, 10 * MINUTE],
    [false, REFUSED, 5000],
    [{ until: runtime.now() }, REFUSED, 5000],
  ];
  for (const [answer, expected, ms] of cases) {
    const { runtime, ask } = openRights();
    let count = 0;
    const fn: AskRight = () => {
      count += 1;
      return answer;
    };
    assert.deepEqual(await ask(fn), expected);
    await runtime.pass(ms - 1);
    assert.deepEqual(await ask(fn), expected);
    assert.equal(count, 1);
    await runtime.pass(1);
    await ask(fn);
    assert.equal(count, 2);
  }
  assert.deepEqual(await ask(() => ({ until: Number.POSITIVE_INFINITY })), {
    granted: true,
    until: Number.POSITIVE_INFINITY,
  });
});

test('with nothing to remember everybody is asked for, but for those who ask at once', async () => {
  const { ask } = openRights({ rememberMs: 0 });
  const { fn, answers } = slow();
  const both = [ask(fn), ask(fn)];
  answers[0]!(true);
  await Promise.all(both);
  const again = ask(fn);
  assert.equal(answers.length, 2);
  answers[1]!(true);
  assert.deepEqual(await again, GRANTED);
});

test('so many answers are remembered, and the oldest is forgotten', async () => {
  const { ask } = openRights({ rememberedRights: 2 });
  const asked: string[] = [];
  const fn: AskRight = ({ channel }) => {
    asked.push(channel);
    return true;
  };
  for (const channel of ['a', 'b', 'c', 'c', 'b', 'a', 'c']) await ask(fn, ADA, channel);
  assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
});

test('a function that throws, answers something else or nothing is a fault: refused, told, and left alone for a second', async () => {
  const wrong = (answer: unknown) => (() => answer) as AskRight;
  const cases: [AskRight, RegExp][] = [
    [
      () => {
        throw new Error('no database');
      },
      /room\.1 could not say who may read it: Error: no database/,
    ],
    [async () => Promise.reject('a text'), /a text/],
    [wrong(undefined), /TypeError: a right is true, false or \{ until \}/],
    [wrong(1), /TypeError/],
    [wrong({ id: 7 }), /TypeError/],
    [wrong({ until: 'tomorrow' }), /TypeError/],
    [wrong({ until: Number.NaN }), /TypeError/],
    [() => new Promise(() => {}), /no answer in 5 s \(rightSeconds\)/],
  ];
  for (const [failing, told] of cases) {
    const { runtime, ask } = openRights();
    let count = 0;
    const fn: AskRight = (request) => {
      count += 1;
      return failing(request);
    };
    const asked = ask(fn);
    await runtime.pass(5000);
    const right = await asked;
    assert.ok(!right.granted && right.error);
    assert.deepEqual([right.error.code, right.error.retryAfter], ['authorisation_unavailable', 1]);
    assert.match(right.error.message, /whether you may read room\.1 can’t be said just now/);
    assert.match(String(right.error.cause), told);
    await runtime.pass(1000);
    void ask(fn);
    assert.equal(count, 2);
  }
});

test('a refusal with words of its own is told as it is', async () => {
  const { ask } = openRights();
  const error = new FanwireError('forbidden', 'banned until Friday');
  const fn: AskRight = () => {
    throw error;
  };
  assert.deepEqual(await ask(fn), { granted: false, error });
  assert.deepEqual(ask(fn), { granted: false, error });
});

test('what is to be asked for again is forgotten, of whom and of what it is said', async () => {
  const { rights, ask } = openRights();
  const asked: string[] = [];
  const bySubject: AskRight = ({ subject, channel }) => {
    asked.push(`${channel} ${subject}`);
    return true;
  };
  const byTeam: AskRight = ({ claims, channel }) => {
    asked.push(`${channel} ${claims.team}`);
    return true;
  };
  const askAll = async () => {
    asked.length = 0;
    await ask(bySubject, ADA, 'a');
    await ask(bySubject, BOB, 'a');
    await ask(bySubject, ADA, 'b');
    await ask(byTeam, ADA, 'c');
    return [...asked];
  };
  const all = ['a ada', 'a bob', 'b ada', 'c red'];
  assert.deepEqual(await askAll(), all);
  assert.deepEqual(await askAll(), []);
  rights.forget(ALL);
  assert.deepEqual(await askAll(), all);
  rights.forget({ subject: 'ada', concerns: (channel) => channel === 'a' });
  assert.deepEqual(await askAll(), ['a ada']);
  rights.forget({ concerns: (channel) => channel === 'a' });
  assert.deepEqual(await askAll(), ['a ada', 'a bob']);
  // Whose the team's answer is nobody can say.
  rights.forget({ subject: 'bob', ...ALL });
  assert.deepEqual(await askAll(), ['a bob', 'c red']);
});

test('an answer that was on its way when it was to be asked for again counts for nobody', async () => {
  const { rights, ask } = openRights();
  const { fn, answers } = slow();
  const asked = [ask(fn), ask(fn)];
  rights.forget({ subject: 'ada', ...ALL });
  answers[0]!(true);
  await new Promise(setImmediate);
  assert.equal(answers.length, 2);
  answers[1]!(false);
  assert.deepEqual(await Promise.all(asked), [REFUSED, REFUSED]);
  assert.deepEqual(ask(fn), REFUSED);
});

test('reading and publishing are two questions', async () => {
  const { rights } = openRights();
  const question = { channel: 'a', params: { room: '1' } };
  const seen: unknown[] = [];
  const answerWith =
    (answer: boolean): AskRight =>
    ({ channel, params }) => {
      seen.push([channel, params]);
      return answer;
    };
  assert.deepEqual(await rights.right(ADA, { ...question, kind: 'read', ask: answerWith(true) }), GRANTED);
  assert.deepEqual(
    await rights.right(ADA, { ...question, kind: 'publish', ask: answerWith(false) }),
    REFUSED,
  );
  assert.deepEqual(seen, [
    ['a', { room: '1' }],
    ['a', { room: '1' }],
  ]);
});
