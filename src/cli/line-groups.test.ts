import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { readLineGroups } from './line-groups.ts';

async function groupsOf(...chunks: (string | Buffer)[]): Promise<(readonly string[])[]> {
  const groups: (readonly string[])[] = [];
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  // One chunk at a time, as a slow writer gives them.
  for await (const group of readLineGroups(input)) groups.push(group);
  return groups;
}

test('a line split over chunks is one line, and the last needs no line break', async () => {
  assert.deepEqual((await groupsOf('a', 'b\nc', 'd')).flat(), ['ab', 'cd']);
});

test('a character split over chunks stays whole', async () => {
  const bytes = Buffer.from('é\n');
  assert.deepEqual(await groupsOf(bytes.subarray(0, 1), bytes.subarray(1)), [['é']]);
});

test('line breaks of Windows are line breaks, and an empty line is a line', async () => {
  assert.deepEqual((await groupsOf('a\r\n\r\nb\n')).flat(), ['a', '', 'b']);
});

test('lines that come together are grouped, 500 at most, in order', async () => {
  const lines = Array.from({ length: 1200 }, (_, index) => String(index));
  const groups = await groupsOf(`${lines.join('\n')}\n`);
  assert.deepEqual(
    groups.map((group) => group.length),
    [500, 500, 200],
  );
  assert.deepEqual(groups.flat(), lines);
});

test('a line without end is refused before it fills the memory', async () => {
  const chunk = 'x'.repeat(1024 * 1024);
  await assert.rejects(groupsOf(...Array.from({ length: 10 }, () => chunk)), /longer than 8388608/);
});
