import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS as WEBTRANSPORT_LIMITS } from '../../engines/webtransport/src/limits.ts';
import { checkConfig } from '../../src/config/check.ts';
import { VARIABLES } from '../../src/config/variables.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { tableUnder } from './markdown.ts';
import { membersOf } from './source.ts';
import { numberIn, unquoted } from './tables.ts';

const DOCUMENT = 'docs/configuration.md';
const FOR_FUNCTIONS = ', which takes a config file in JavaScript or TypeScript';

interface Option {
  readonly name: string;
  readonly takes: string;
  readonly default: string;
}

function optionsUnder(heading: string): Option[] {
  return tableUnder(DOCUMENT, heading).map(([name = '', takes = '', byDefault = '']) => {
    return { name: unquoted(name), takes, default: unquoted(byDefault) };
  });
}

for (const { heading, file, type, place } of [
  { heading: 'The hub', file: 'src/hub/options.ts', type: 'HubOptions', place: (options: object) => options },
  {
    heading: 'Endpoints',
    file: 'src/server/options.ts',
    type: 'ServerOptions',
    place: (options: object) => options,
  },
  {
    heading: 'Channels',
    file: 'src/hub/authorisation/channel-rule.ts',
    type: 'ChannelRule',
    place: (rule: object) => ({ channels: { '*': rule } }),
  },
  {
    heading: 'Tokens',
    file: 'src/hub/authorisation/jwt.ts',
    type: 'JwtOptions',
    place: (jwt: object) => ({ authorise: { secret: 'x'.repeat(32), ...jwt } }),
  },
  {
    heading: 'Limits',
    file: 'src/protocol/limits.ts',
    type: 'Limits',
    place: (limits: object) => ({ limits }),
  },
  { heading: 'The server', file: 'src/config/config.ts', type: 'Config', place: (config: object) => config },
]) {
  test(`docs/configuration.md lists every option of ${type}, with its default`, () => {
    const listed = optionsUnder(heading).filter(({ name }) => !name.includes('.'));
    const members = membersOf(file, type).filter(({ name }) => type !== 'Config' || name !== 'log');
    assert.deepEqual(
      listed.map(({ name }) => name),
      members.map(({ name }) => name),
    );
    for (const [index, member] of members.entries()) {
      if (member.default) assert.equal(listed[index]!.default, unquoted(member.default), member.name);
    }
  });

  test(`what docs/configuration.md says that options of ${type} take is what check-config expects`, () => {
    for (const { name, takes } of optionsUnder(heading)) {
      const wrong = name.split('.').reduceRight<unknown>((value, key) => ({ [key]: value }), Symbol('wrong'));
      const checked = checkConfig(place(wrong as object));
      const [fault = ''] = checked.ok ? [] : checked.faults;
      assert.equal(fault.split(', expected ')[1]?.replace(FOR_FUNCTIONS, ''), takes, name);
    }
  });
}

test('docs/configuration.md gives the limits their defaults', () => {
  const listed = optionsUnder('Limits').map((option) => [option.name, numberIn(option.default)]);
  assert.deepEqual(Object.fromEntries(listed), DEFAULT_LIMITS);
});

test('docs/configuration.md gives the limits of WebTransport their defaults', () => {
  const listed = tableUnder(DOCUMENT, 'Limits of WebTransport');
  assert.deepEqual(
    Object.fromEntries(listed.map(([name = '', value = '']) => [unquoted(name), numberIn(value)])),
    WEBTRANSPORT_LIMITS,
  );
});

for (const [heading, file, type] of [
  ['The log in memory', 'src/log/memory/options.ts', 'MemoryLogOptions'],
  ['The log on disk', 'src/log/lmdb/options.ts', 'LmdbLogOptions'],
  ['The log in Redis', 'src/log/redis/options.ts', 'RedisLogOptions'],
  ['The log in NATS', 'src/log/nats/options.ts', 'NatsLogOptions'],
  ['WebTransport', 'src/fanwire-hub.ts', 'WebTransportOptions'],
] as const) {
  test(`docs/configuration.md lists every option of ${type}, with its default`, () => {
    assert.deepEqual(
      tableUnder(DOCUMENT, heading).map(([name = '', byDefault]) => [unquoted(name), byDefault]),
      membersOf(file, type).map((member) => [member.name, member.default ?? '']),
    );
  });
}

test('docs/configuration.md lists every variable of the environment', () => {
  assert.deepEqual(
    tableUnder(DOCUMENT, 'All variables').map(([name = '', option = '']) => [
      unquoted(name),
      unquoted(option),
    ]),
    VARIABLES.map(({ name, path }) => [name, path.join('.')]),
  );
});

test('docs/configuration.md lists every metric', async (t) => {
  const { url } = await startHub(t);
  const { text } = await send(`${url}/metrics`);
  assert.deepEqual(
    tableUnder(DOCUMENT, 'Metrics and health').map(([name = '', kind]) => [unquoted(name), kind]),
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]),
  );
});
