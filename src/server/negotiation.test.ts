import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiate, waitOf } from './negotiation.ts';

const JSON_TYPE = 'application/json';
const SSE = 'text/event-stream';
const NDJSON = 'application/x-ndjson';

test('the header Accept chooses, by quality and by how specific a range is', () => {
  const cases: [string | undefined, string][] = [
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    [SSE, SSE],
    ['TEXT/Event-Stream', SSE],
    ['text/*', SSE],
    [NDJSON, NDJSON],
    ['application/x-ndjson, */*;q=0.1', NDJSON],
    [`${JSON_TYPE};q=0.2, ${SSE};q=0.9`, SSE],
    [`${JSON_TYPE};q=0, */*`, SSE],
    [`${JSON_TYPE};charset=utf-8;q=0.5, ${NDJSON};q=0.6`, NDJSON],
    [`${SSE}, ${JSON_TYPE}`, JSON_TYPE],
  ];
  for (const [accept, expected] of cases) {
    const [transport] = negotiate({ headers: accept === undefined ? {} : { accept } });
    assert.equal(transport?.mediaType, expected, accept);
  }
});

test('what accepts nothing of ours is told what there is', () => {
  for (const accept of ['text/html', 'image/*', '*/*;q=0', `${JSON_TYPE};q=x`]) {
    assert.throws(() => negotiate({ headers: { accept } }), {
      code: 'not_acceptable',
      message: /text\/event-stream/,
    });
  }
});

test('the wait is that of the URL, else the preferred one, and the limit at most', () => {
  const cases: [string | undefined, string, number][] = [
    [undefined, '', 0],
    ['wait=30', '', 30],
    ['respond-async, wait=30', '', 30],
    ['wait = "20"', '', 20],
    ['Wait=10', '', 10],
    ['wait=600', '', 55],
    ['wait=soon', '', 0],
    ['await=9', '', 0],
    ['wait=30', 'wait=5', 5],
    ['wait=30', 'wait=0', 0],
    [undefined, 'wait=0.5', 0.5],
    [undefined, 'wait=9999', 55],
  ];
  for (const [prefer, query, expected] of cases) {
    const headers = prefer === undefined ? {} : { prefer };
    assert.equal(waitOf({ headers }, new URLSearchParams(query), 55), expected, `${prefer} ?${query}`);
  }
  for (const wait of ['', '-1', 'x', '1e3', 'Infinity']) {
    assert.throws(() => waitOf({ headers: {} }, new URLSearchParams({ wait }), 55), {
      code: 'invalid_parameter',
    });
  }
});
