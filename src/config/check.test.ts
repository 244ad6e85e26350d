import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { HubOptions } from '../hub/options.ts';
import { assertOptions, checkConfig } from './check.ts';

function faultsOf(input: unknown): readonly string[] {
  const checked = checkConfig(input);
  return checked.ok ? [] : checked.faults;
}

test('an empty configuration and one of every kind of setting are taken', () => {
  assert.deepEqual(faultsOf({}), []);
  assert.deepEqual(
    faultsOf({
      host: '0.0.0.0',
      port: 0,
      anonymous: true,
      console: false,
      log: 'memory',
      channels: {
        'chat.*': { retain: { count: 10, ageMs: 60_000 }, read: 'anyone', publish: 'authenticated' },
        '*': { ephemeral: true, conflateMs: 50, presence: false },
      },
      authorise: { secret: 'x'.repeat(32), issuer: 'me', cookie: 'token' },
      beforePublish: () => undefined,
      requests: { add: () => 3 },
      basePath: '/realtime',
      origins: ['https://app.example', 'http://localhost:5173', 'capacitor://localhost'],
      hosts: ['hub.example'],
      trustProxy: true,
      pollCacheSeconds: 1,
      heartbeatMs: 15_000,
      limits: { messageBytes: 1000, waitSeconds: 20 },
    }),
    [],
  );
  assert.deepEqual(faultsOf({ origins: '*', authorise: () => undefined }), []);
});

test('what was checked is handed on as it was given, methods and all', () => {
  const config = {
    log: new (class {
      append() {}
    })(),
  };
  const checked = checkConfig(config);
  assert.ok(checked.ok);
  assert.equal(checked.config, config);
});

for (const [input, fault] of [
  [{ heartbeatMs: 500 }, 'heartbeatMs: found 500, expected a whole number, 1000 to 30000'],
  [{ port: '8080' }, 'port: found "8080", expected a whole number, 0 to 65535'],
  [{ prot: 8080 }, 'prot: found the key "prot", expected a known key (did you mean port?)'],
  [{ colour: 1 }, 'colour: found the key "colour", expected a known key'],
  [
    { channels: { 'chat.*': { retain: { cuont: 3 } } } },
    'channels["chat.*"].retain.cuont: found the key "cuont", expected a known key (did you mean count?)',
  ],
  [
    { channels: { 'a b': {} } },
    'channels["a b"]: found the key "a b", expected a channel pattern: ' +
      'a channel pattern is a channel name in which * stands for any characters, and {name} for one or more without . and :',
  ],
  [
    { channels: { 'chat.{room': {} } },
    'channels["chat.{room"]: found the key "chat.{room", expected a channel pattern: ' +
      'a parameter is letters, digits and _ in braces, no digit first: chat.{room}',
  ],
  [
    { channels: { a: { read: 'all' } } },
    'channels.a.read: found "all", expected anyone, authenticated, granted or nobody, or a function',
  ],
  [
    { channels: { a: { retain: { count: 1.5 } } } },
    'channels.a.retain.count: found 1.5, expected a whole number, 0 or more',
  ],
  [{ channels: { a: { retain: 5 } } }, 'channels.a.retain: found 5, expected an object'],
  [
    { channels: { a: { presence: 'yes' } } },
    'channels.a.presence: found "yes", expected true, false or a schema',
  ],
  [
    { channels: { a: { presence: { name: 'a text' } } } },
    'channels.a.presence: found an object, expected a schema that meets https://standardschema.dev',
  ],
  [
    { channels: { a: { message: {} } } },
    'channels.a.message: found an object, expected a schema, or an object with one for each type of message',
  ],
  [
    { channels: { a: { message: { goal: 'a text' } } } },
    'channels.a.message.goal: found "a text", expected a schema that meets https://standardschema.dev',
  ],
  [
    { channels: { a: { message: { 'a goal': v.string() } } } },
    'channels.a.message["a goal"]: found the key "a goal", expected a type of message: ' +
      'a type is 1 to 100 printable characters without spaces, and not gap, position, open or error',
  ],
  [
    {
      channels: { '*': { message: v.string() }, 'a.*': { message: v.string() }, a: { message: v.string() } },
    },
    'channels: found an object, expected a to come before *, whose message would hold for it',
  ],
  [{ channels: { a: null } }, 'channels.a: found null, expected an object'],
  [
    { channels: { a: { ephemeral: true, retain: { count: 1 } } } },
    'channels.a: found an object, expected retain.count to be 0 or left out, as the rule is ephemeral',
  ],
  [
    { authorise: { secret: 'too short' } },
    'authorise.secret: found another value, expected a secret of 32 bytes or more',
  ],
  [
    { authorise: {} },
    'authorise: found an object, expected one of secret, publicKey or jwksUrl (or the environment variable FANWIRE_SECRET)',
  ],
  [{ authorise: true }, 'authorise: found true, expected an object or a function'],
  [
    { origins: ['https://a.example/path'] },
    'origins[0]: found "https://a.example/path", expected an origin such as https://app.example',
  ],
  [
    { origins: 'https://a.example' },
    'origins: found "https://a.example", expected a list of origins, or "*" for all',
  ],
  [
    { limits: { messageByte: 1 } },
    'limits.messageByte: found the key "messageByte", expected a known key (did you mean messageBytes?)',
  ],
  [
    { requests: { add: 'x' } },
    'requests.add: found "x", expected a function, which takes a config file in JavaScript or TypeScript',
  ],
  [
    { log: 'redsi' },
    'log: found "redsi", expected memory, lmdb:DIR, redis://HOST, rediss://HOST or nats://HOST',
  ],
  [
    { log: 'redsi://user:secret@127.0.0.1' },
    'log: found another value, expected memory, lmdb:DIR, redis://HOST, rediss://HOST or nats://HOST',
  ],
  [[], 'the configuration: found a list, expected an object'],
] as const) {
  test(`a fault is told by key, finding and expectation: ${fault.split(':')[0]} in ${JSON.stringify(input)}`, () => {
    assert.deepEqual(faultsOf(input), [fault]);
  });
}

test('every fault is told, not only the first', () => {
  assert.equal(faultsOf({ port: -1, prot: 2, trustProxy: 'yes' }).length, 3);
});

test('a program’s own options are checked as a file’s are, when the hub is created', () => {
  const options = { heartbeatMs: 5, limits: { messageByte: 1 } } as unknown as HubOptions;
  assert.throws(() => assertOptions(options), {
    name: 'TypeError',
    message:
      /heartbeatMs: found 5, expected .*; limits.messageByte: found the key "messageByte", expected a known key/,
  });
});
