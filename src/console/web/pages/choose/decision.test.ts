import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answers, decide, QUESTIONS } from './decision.ts';

const YES = true;
const NO = false;

test('the first yes decides, and three times no is polling', () => {
  const cases: [boolean | undefined, boolean | undefined, boolean | undefined, string][] = [
    [YES, YES, YES, 'websocket'],
    [YES, NO, NO, 'websocket'],
    [NO, YES, YES, 'sse'],
    [NO, YES, NO, 'sse'],
    [NO, NO, YES, 'long-polling'],
    [NO, NO, NO, 'polling'],
  ];
  for (const [bothSendOften, serverPushes, changesOften, expected] of cases) {
    const decision = decide({ bothSendOften, serverPushes, changesOften } as Answers);
    assert.equal(decision.kind === 'decided' && decision.transport, expected);
  }
});

test('each question is asked once those before it were answered with no', () => {
  const answers: Record<string, boolean> = {};
  for (const question of QUESTIONS) {
    assert.deepEqual(decide(answers), { kind: 'asking', question });
    answers[question.name] = false;
  }
});
