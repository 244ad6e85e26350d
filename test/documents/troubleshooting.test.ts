import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAULTS } from '../../src/doctor/finding.ts';
import { PROBLEMS } from '../../src/protocol/problems.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { anchorOf, headingsOf, tableUnder } from './markdown.ts';

const DOCUMENT = 'docs/troubleshooting.md';
const CODE = /^`(\w+)`$/;

test(`${DOCUMENT} has a paragraph for every error code, in the order of PROTOCOL.md`, () => {
  const codes = headingsOf(DOCUMENT).flatMap((heading) => CODE.exec(heading)?.[1] ?? []);
  assert.deepEqual(codes, Object.keys(PROBLEMS));
  const [, ...paragraphs] = readFileSync(DOCUMENT, 'utf8').split(/^### `\w+`$/m);
  for (const [index, paragraph] of paragraphs.entries()) {
    assert.match(paragraph.trim(), /^[^#]{40}/, codes[index]);
  }
});

test(`${DOCUMENT} lists every fault that fanwire doctor names`, () => {
  assert.deepEqual(
    tableUnder(DOCUMENT, 'What the network does to each wire'),
    Object.entries(FAULTS).map(([fault, what]) => [`\`${fault}\``, what]),
  );
});

test('what fanwire doctor refers to is there', () => {
  const files = readdirSync('src/doctor').filter((name) => name.endsWith('.ts'));
  const referred = files.flatMap((name) => {
    const source = readFileSync(`src/doctor/${name}`, 'utf8');
    return [...source.matchAll(/(docs\/[\w-]+\.md)#([\w-]+)/g)];
  });
  assert.ok(referred.length > 3);
  for (const [whole, document, anchor] of referred) {
    assert.ok(headingsOf(document!).map(anchorOf).includes(anchor!), whole);
  }
});

test("an error's type leads to its paragraph, where the package says that it is at home", async (t) => {
  const { url } = await startHub(t);
  const answer = await send(`${url}/channels/a%20b`);
  const { type, code } = answer.json();
  const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));
  const home = /https:[^#]+(?=\.git$)/.exec(repository.url)![0];
  assert.equal(type, `${home}/blob/main/${DOCUMENT}#${code}`);
});
