import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Editor, openNewest, openOldest } from './editors.ts';

const FIXTURE = 'test/types/fixture';
const HALF_WRITTEN = 'editing.tsx';
const PATTERNS = ['chat.{room}', 'order-{id}.{part}', 'scores'];

/** What has to be offered behind a text of the half-written program. */
const OFFERED: Record<string, readonly string[]> = {
  "client.subscribe('": PATTERNS,
  "client.publish('": PATTERNS,
  "client.presence('": PATTERNS,
  "hub.publish('": ['chat.{room}', 'match.{id}', 'log.*', 'scores'],
  "useChannel('": PATTERNS,
  "\nchannel('": PATTERNS,
  "channel('order-{id}.{part}', {": ['id', 'part'],
  "client.publish('chat.lobby', {": ['text'],
  "hub.publish('match.7', null, { type: '": ['goal', 'end'],
  "client.request('": ['add', 'note', 'today'],
  "client.request('add', {": ['a', 'b'],
  "defineChannels({ 'chat.{room}': { pre": ['message', 'presence', 'publish', 'read', 'retain'],
};

for (const [version, open] of [
  ['5.4', openOldest],
  ['7', openNewest],
] as const) {
  test(`TypeScript ${version}, nodenext: both ends know their types, and an editor completes channels and parameters`, async (t) => {
    const editor = await open(t, `${FIXTURE}/tsconfig.json`);
    assert.deepEqual(await editor.faults(HALF_WRITTEN), []);
    await assertOffered(editor);
  });

  test(`TypeScript ${version}, bundler: both ends know their types`, async (t) => {
    const editor = await open(t, `${FIXTURE}/tsconfig.bundler.json`);
    assert.deepEqual(await editor.faults(HALF_WRITTEN), []);
  });
}

async function assertOffered(editor: Editor): Promise<void> {
  const file = `${FIXTURE}/${HALF_WRITTEN}`;
  const program = readFileSync(file, 'utf8');
  for (const [text, names] of Object.entries(OFFERED)) {
    const at = program.indexOf(text);
    assert.notEqual(at, -1, text);
    const offered = await editor.completions(file, at + text.length);
    assert.deepEqual(
      names.filter((name) => !offered.includes(name)),
      [],
      `behind ${text} there is only ${offered}`,
    );
  }
}
