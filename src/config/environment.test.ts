import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfig } from './load.ts';
import { strayVariables, VARIABLES } from './variables.ts';

type Environment = Readonly<Record<string, string>>;

const TOKEN = 'an-operator-token-of-many-characters';
let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'fanwire-environment-'))));
after(() => rm(folder, { recursive: true }));

async function config(environment: Environment, content: object = {}) {
  const file = join(folder, 'fanwire.config.json');
  await writeFile(file, JSON.stringify(content));
  const checked = await loadConfig(file, environment);
  return checked.ok ? checked.config : assert.fail(checked.faults.join('\n'));
}

async function faults(environment: Environment, content: object = {}) {
  const file = join(folder, 'fanwire.config.json');
  await writeFile(file, JSON.stringify(content));
  const checked = await loadConfig(file, environment);
  return checked.ok ? [] : checked.faults;
}

for (const [name, text, expected] of [
  ['FANWIRE_PORT', '8081', { port: 8081 }],
  ['FANWIRE_HOST', '8081', { host: '8081' }],
  ['FANWIRE_TRUST_PROXY', 'true', { trustProxy: true }],
  ['FANWIRE_ORIGINS', '*', { origins: '*' }],
  [
    'FANWIRE_ORIGINS',
    'https://a.example, https://b.example',
    { origins: ['https://a.example', 'https://b.example'] },
  ],
  ['FANWIRE_HOSTS', 'hub.example', { hosts: ['hub.example'] }],
  ['FANWIRE_LOG', 'redis://127.0.0.1', { log: 'redis://127.0.0.1' }],
  ['FANWIRE_OPERATOR_TOKEN', '1234567890123456', { operatorToken: '1234567890123456' }],
  ['FANWIRE_LIMITS_MESSAGE_BYTES', '1000', { limits: { messageBytes: 1000 } }],
  ['FANWIRE_LIMITS_HTTP2_HEADER_BYTES', '1000', { limits: { http2HeaderBytes: 1000 } }],
  ['FANWIRE_COMPRESSION', 'true', { compression: true }],
  ['FANWIRE_COMPRESSION_THRESHOLD_BYTES', '2000', { compression: { thresholdBytes: 2000 } }],
  ['FANWIRE_TLS', 'self-signed', { tls: 'self-signed' }],
  [
    'FANWIRE_CHANNELS',
    '{"chat.*":{"retain":{"count":9}}}',
    { channels: { 'chat.*': { retain: { count: 9 } } } },
  ],
  ['FANWIRE_WEBTRANSPORT_LIMITS_SESSIONS', '7', { webtransport: { limits: { sessions: 7 } } }],
] as const) {
  test(`${name}=${text} is the option ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await config({ [name]: text }), expected);
  });
}

test('the environment overrides the file setting by setting, and leaves the rest of it', async () => {
  const environment = {
    FANWIRE_PORT: '1',
    FANWIRE_LIMITS_BODY_BYTES: '2',
    FANWIRE_COMPRESSION: 'true',
    FANWIRE_COMPRESSION_THRESHOLD_BYTES: '3',
    FANWIRE_TLS_CERT_FILE: 'cert.pem',
    FANWIRE_TLS_KEY_FILE: 'key.pem',
  };
  const file = { port: 9, retryMs: 9, limits: { bodyBytes: 9, messageBytes: 9 }, tls: 'self-signed' };
  assert.deepEqual(await config(environment, file), {
    port: 1,
    retryMs: 9,
    limits: { bodyBytes: 2, messageBytes: 9 },
    compression: { thresholdBytes: 3 },
    tls: { certFile: 'cert.pem', keyFile: 'key.pem' },
  });
});

test('what is switched off stays off, though one of its settings is given', async () => {
  const threshold = { FANWIRE_COMPRESSION_THRESHOLD_BYTES: '3' };
  assert.deepEqual(await config({ FANWIRE_COMPRESSION: 'false', ...threshold }), { compression: false });
  assert.deepEqual(await config(threshold, { compression: false }), { compression: false });
});

test('a secret is read from the file that a variable names', async () => {
  const file = join(folder, 'token');
  await writeFile(file, `${TOKEN}\n`);
  assert.deepEqual(await config({ FANWIRE_OPERATOR_TOKEN_FILE: file }), { operatorToken: TOKEN });
  assert.deepEqual(await faults({ FANWIRE_OPERATOR_TOKEN_FILE: file, FANWIRE_OPERATOR_TOKEN: TOKEN }), [
    "FANWIRE_OPERATOR_TOKEN_FILE: can't be set beside FANWIRE_OPERATOR_TOKEN",
  ]);
  const [missing = ''] = await faults({ FANWIRE_OPERATOR_TOKEN_FILE: join(folder, 'none') });
  assert.match(missing, /^FANWIRE_OPERATOR_TOKEN_FILE: ENOENT: no such file/);
});

for (const [environment, fault] of [
  [{ FANWIRE_PORT: 'abc' }, 'FANWIRE_PORT: found "abc", expected a whole number, 0 to 65535'],
  [{ FANWIRE_CONSOLE: 'no' }, 'FANWIRE_CONSOLE: found "no", expected true or false'],
  [
    { FANWIRE_ORIGINS: 'https://a.example,https://b.example/path' },
    'FANWIRE_ORIGINS[1]: found "https://b.example/path", expected an origin such as https://app.example',
  ],
  [
    { FANWIRE_LIMITS_MESSAGE_BYTES: '1MB' },
    'FANWIRE_LIMITS_MESSAGE_BYTES: found "1MB", expected a whole number, 1 or more',
  ],
  [
    { FANWIRE_CHANNELS: '{"a":{"retian":{}}}' },
    'FANWIRE_CHANNELS.a.retian: found the key "retian", expected a known key (did you mean retain?)',
  ],
  [
    { FANWIRE_SECRET: 'too short' },
    'FANWIRE_SECRET: found another value, expected a secret of 32 bytes or more',
  ],
  [
    { FANWIRE_HOST: '' },
    'FANWIRE_HOST: is empty; leave it out for what the config file says, or the default',
  ],
  [
    { FANWIRE_TLS: 'self-signed', FANWIRE_TLS_CERT_FILE: 'a', FANWIRE_TLS_KEY_FILE: 'b' },
    "FANWIRE_TLS_CERT_FILE: can't be set beside FANWIRE_TLS=self-signed",
  ],
  [{ FANWIRE_PROT: '1' }, 'FANWIRE_PROT: no option has this variable (did you mean FANWIRE_PORT?)'],
  [
    { FANWIRE_MESSAGE_BYTES: '1' },
    'FANWIRE_MESSAGE_BYTES: no option has this variable (did you mean FANWIRE_LIMITS_MESSAGE_BYTES?)',
  ],
  [
    { FANWIRE_AUTHORISE_SECRET: 'x' },
    'FANWIRE_AUTHORISE_SECRET: no option has this variable (did you mean FANWIRE_SECRET?)',
  ],
] as const) {
  test(`a fault is told by the variable's name: ${fault}`, async () => {
    const all = await faults(environment);
    assert.equal(all[0], fault);
    assert.equal(new Set(all).size, all.length);
  });
}

test("another program's variable is told of, and no fault", () => {
  assert.deepEqual(strayVariables(['FANWIRE_PORT', 'FANWIRE_DASHBOARD']), {
    faults: [],
    others: ['FANWIRE_DASHBOARD: no option has this variable; it is ignored'],
  });
});

test('what Kubernetes sets for a service called fanwire is no option', async () => {
  const ofService = {
    FANWIRE_PORT: 'tcp://10.0.0.1:8080',
    FANWIRE_SERVICE_HOST: '10.0.0.1',
    FANWIRE_SERVICE_PORT: '8080',
    FANWIRE_SERVICE_PORT_HTTP: '8080',
    FANWIRE_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    FANWIRE_PORT_8080_TCP_ADDR: '10.0.0.1',
    FANWIRE_REDIS_PORT: 'tcp://10.0.0.2:6379',
  };
  assert.deepEqual(await config(ofService), {});
});

test('no two options have one variable', () => {
  assert.equal(new Set(VARIABLES.map(({ name }) => name)).size, VARIABLES.length);
});
