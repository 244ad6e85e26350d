import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { execute, parse } from 'graphql';
import { Hub } from '../hub/hub.ts';
import { gapOf } from '../log/gap.ts';
import type { PageItem } from '../log/log.ts';
import { memoryLog } from '../log/memory/memory-log.ts';
import { formatPosition } from '../protocol/position.ts';
import type { Caller } from '../transports/caller.ts';
import { InvalidDocument } from './errors.ts';
import { encoderOf, eventFormatsOf } from './event-formats.ts';
import { Documents } from './operation/documents.ts';
import { beginSubscription } from './operation/execute.ts';
import type { Selection } from './operation/selection.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { resultJson, WrittenJson } from './result-json.ts';
import { SCHEMA } from './schema.ts';

const MESSAGE: PageItem = {
  kind: 'message',
  message: {
    epoch: 'e',
    sequence: 7,
    channel: 'a',
    type: 'ty"pe',
    time: 1_700_000_000_123,
    payload: { kind: 'json', text: '{"n":12345678901234567890,"t":"\u2028"}' },
  },
};
const GAP: PageItem = {
  kind: 'gap',
  gap: {
    channel: 'a',
    from: { epoch: 'e', sequence: 1 },
    to: { epoch: 'e', sequence: 3 },
    reason: 'trimmed',
  },
};

/** An event as a resolver would give it. */
function resolved(item: PageItem): object {
  if (item.kind === 'gap') return { __typename: 'Gap', ...gapOf(item.gap) };
  const { payload, ...message } = item.message;
  const data = new WrittenJson(payload.kind === 'json' ? payload.text : '');
  return { __typename: 'Message', ...message, id: formatPosition(message), data };
}

function openHub(t: TestContext): Hub {
  const hub = new Hub(memoryLog(), {});
  t.after(() => hub.close());
  return hub;
}

async function selectionIn(hub: Hub, query: string, variables = {}): Promise<Selection> {
  const operation = new Documents({ ...DEFAULT_OPTIONS, maxAliases: 100 }).operation({ query, variables });
  const begun = await beginSubscription(operation, { hub, caller: { access: hub.anonymous } as Caller });
  assert.ok(begun.kind === 'subscribed', JSON.stringify(begun));
  return begun.asked.selection;
}

const condition = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '',
    ' @skip(if: true)',
    ' @include(if: false)',
    ' @include(if: true)',
    ' @skip(if: false)',
  ),
  fc.constantFrom(
    ' @include(if: $yes)',
    ' @skip(if: $yes)',
    ' @include(if: $no) @skip(if: $no)',
    ' @skip(if: $off)',
  ),
);
/** A field may have a name of its own in the answer, always the same for one field. */
const fieldOf = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names, '__typename'), fc.boolean(), condition)
    .map(([name, named, when]) => `${named ? `the_${name}: ` : ''}${name}${when}`);
const messageFields = fc
  .array(fieldOf(['id', 'channel', 'type', 'from', 'time', 'data', 'encoding']), {
    minLength: 1,
    maxLength: 4,
  })
  .map((fields) => fields.join(' '));
const gapFields = fc
  .array(fieldOf(['channel', 'reason']), { minLength: 1, maxLength: 3 })
  .map((fields) => fields.join(' '));
const selections = fc
  .array(
    fc.oneof(
      fc.tuple(condition, messageFields).map(([when, fields]) => `... on Message${when} { ${fields} }`),
      fc.tuple(condition, gapFields).map(([when, fields]) => `... on Gap${when} { ${fields} }`),
      fc
        .tuple(condition, messageFields)
        .map(([when, fields]) => `... on Event${when} { ... on Message { ${fields} } }`),
      fc.tuple(condition, gapFields).map(([when, fields]) => `...${when} { ... on Gap { ${fields} } }`),
      condition.map((when) => `...M${when}`),
      condition.map((when) => `...G${when}`),
      condition.map((when) => `__typename${when}`),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(' '));

test('an event is written as graphql-js would execute the subscription for it', async (t) => {
  const hub = openHub(t);
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      selections,
      messageFields,
      gapFields,
      fc.boolean(),
      async (wanted, ofMessage, ofGap, named) => {
        const query = `subscription ($yes: Boolean!, $no: Boolean!, $off: Boolean = false) {
        ${named ? 'it: ' : ''}channel(names: ["a"]) { ${wanted} ...M ...G }
      } fragment M on Message { ${ofMessage} } fragment G on Gap { ${ofGap} }`;
        const variables = { yes: true, no: false };
        let selection: Selection;
        try {
          selection = await selectionIn(hub, query, variables);
        } catch (error) {
          // Unused variables, and fields of one name that differ.
          if (error instanceof InvalidDocument) return;
          throw error;
        }
        for (const item of [MESSAGE, GAP]) {
          const executed = await execute({
            schema: SCHEMA,
            document: parse(query),
            rootValue: { channel: resolved(item) },
            variableValues: variables,
          });
          assert.equal(encoderOf(selection)(item), resultJson(executed));
          compared += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(compared > 50, `${compared} were valid`);
});

test('two documents that want the same share their formats, and others have their own', async (t) => {
  const hub = openHub(t);
  const formats = async (query: string, variables = {}) =>
    eventFormatsOf(await selectionIn(hub, query, variables));
  const one = await formats('subscription { channel(names: ["a"]) { ... on Message { id data } } }');
  const same = await formats(
    `subscription Other($n: [String!]!, $x: Boolean!) { channel(names: $n, last: 3) { ...F ... on Gap @skip(if: $x) { reason } } }
     fragment F on Message { id ... on Event { ... on Message { data } } id }`,
    { n: ['b'], x: true },
  );
  const other = await formats('subscription { channel(names: ["a"]) { ... on Message { data id } } }');
  assert.equal(one, same);
  assert.notEqual(one, other);
});

test('what was published as bytes or as text is JSON as well', () => {
  const encode = encoderOf({
    root: 'channel',
    message: [
      ['d', 'data'],
      ['e', 'encoding'],
    ],
    gap: [],
  });
  const message = (payload: object) =>
    encode({ ...MESSAGE, message: { ...MESSAGE.message, payload } } as PageItem);
  assert.equal(
    message({ kind: 'binary', bytes: Uint8Array.of(0, 255) }),
    '{"data":{"channel":{"d":"AP8=","e":"base64"}}}',
  );
  assert.equal(message({ kind: 'text', text: '"\n' }), '{"data":{"channel":{"d":"\\"\\n","e":null}}}');
  assert.equal(encode(GAP), '{"data":{"channel":{}}}');
});
