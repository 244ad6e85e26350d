import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { watchWakeups } from './wakeups.ts';

/** What a browser has and Node has not. */
function watch(t: TestContext) {
  const window = new EventTarget();
  const document = new EventTarget();
  Object.assign(globalThis, { window, document });
  t.after(() => {
    Reflect.deleteProperty(globalThis, 'window');
    Reflect.deleteProperty(globalThis, 'document');
  });
  const heard: string[] = [];
  const stop = watchWakeups((suspect) => heard.push(suspect ? 'suspect' : 'awake'));
  return { window, document, heard, stop };
}

test('a network that came back, and a page out of the back-forward cache, make the link suspect', (t) => {
  const { window, document, heard, stop } = watch(t);
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  document.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual(heard, ['suspect', 'suspect', 'awake', 'awake']);
  stop();
  window.dispatchEvent(new Event('online'));
  document.dispatchEvent(new Event('visibilitychange'));
  assert.equal(heard.length, 4, 'nothing listens any more');
});

test('where there is neither window nor document, nothing is listened to', () => {
  watchWakeups(() => assert.fail())();
});
