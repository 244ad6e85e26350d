import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from './engine.ts';
import { type LogEvent, type LogState, stateAfter } from './log-state.ts';

const engineOf = (name: string) => Promise.resolve(name as unknown as Engine);

/** The states that events lead to one after another; each recovery has an engine of its own. */
function through(...events: (LogEvent['kind'] | LogEvent)[]) {
  let state: LogState = { kind: 'idle' };
  const states: LogState[] = [];
  for (const event of events) {
    const whole = typeof event === 'string' ? withEngine(event, state) : event;
    state = stateAfter(state, whole, () => engineOf('prepared'));
    states.push(state);
  }
  return states;
}

function withEngine(kind: LogEvent['kind'], state: LogState): LogEvent {
  if (kind === 'open') return { kind, engine: engineOf('first') };
  return kind === 'recovered' ? { kind, engine: (state as { engine: Promise<Engine> }).engine } : { kind };
}

const kindsOf = (states: readonly LogState[]) => states.map(({ kind }) => kind);

test('what disturbs a recovery leads to another one, once', () => {
  const states = through('open', 'started', 'disturbed', 'disturbed', 'disturbed', 'recovered', 'recovered');
  assert.deepEqual(kindsOf(states).slice(2), [
    'recovering',
    'unsettled',
    'unsettled',
    'recovering',
    'standing',
  ]);
});

test('a recovery that a lost connection has overtaken does not end the one after it', () => {
  const [, , overtaken] = through('open', 'started', 'disturbed') as { engine: Promise<Engine> }[];
  const late: LogEvent = { kind: 'recovered', engine: overtaken!.engine };
  const states = through('open', 'started', 'disturbed', 'disconnected', 'reconnected', late);
  assert.deepEqual(kindsOf(states).slice(3), ['lost', 'recovering', 'recovering']);
});

test('a log that is closed stays closed', () => {
  assert.deepEqual(
    kindsOf(through('open', 'close', 'started', 'reconnected')).slice(1),
    Array(3).fill('closed'),
  );
});
