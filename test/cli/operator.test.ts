import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connectSdk } from '../hub/support/sdk.ts';
import { type RunningCli, runCli, startServe } from '../support/cli.ts';
import { makeFastDirectory } from '../support/directory.ts';
import { send } from '../support/http.ts';
import { onEnd } from '../support/on-end.ts';

const FANWIRE_SECRET = 's'.repeat(32);
const TOKEN = 'an-operators-token-of-ours';

/** What the last line of the greeting shows as the console's address. */
async function consoleOf(serve: Pick<RunningCli, 'nextLine'>): Promise<URL> {
  for (;;) {
    const found = /^ {2}console {2}(\S+)$/.exec(await serve.nextLine());
    if (found) return new URL(found[1]!);
  }
}

/** The token that was made, from the file that is named as nobody looks at a terminal. */
async function madeToken(serve: Pick<RunningCli, 'nextLine'>): Promise<{ token: string; file: string }> {
  assert.equal((await consoleOf(serve)).hash, '');
  const file = /^ {2}token {4}cat (\S+)$/.exec(await serve.nextLine())?.[1];
  assert.ok(file, 'the file is named');
  return { file, token: (await readFile(file, 'utf8')).trim() };
}

/** The status of reading what the hub tells its operator. */
async function statusOf(url: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await send(`${url}/channels/console:nodes?last=1`, { headers })).status;
}

/** As one who is nobody, or one who may do everything else, where nobody is asked for tokens. */
async function assertRefused(url: string, token?: string, name?: string): Promise<void> {
  assert.ok([401, 403].includes(await statusOf(url, token)), name);
}

async function configFile(t: TestContext, config: object): Promise<string> {
  const file = join(await makeFastDirectory(t), 'fanwire.config.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

test('on loopback, with no tokens asked for, the console is for everyone', async (t) => {
  const serve = await startServe(t);
  assert.equal((await consoleOf(serve)).href, `${serve.url}/`);
  assert.equal(await statusOf(serve.url), 200);
});

test('where others could come, an operator’s token is made, kept for this user alone, and asked for', async (t) => {
  const cases: [string, readonly string[], Record<string, string>][] = [
    ['another address', ['--host', '0.0.0.0', '--anonymous'], {}],
    ['tokens', [], { FANWIRE_SECRET }],
    ['other names', ['--config', await configFile(t, { hosts: ['127.0.0.1'] })], {}],
    ['a proxy', ['--config', await configFile(t, { trustProxy: true })], {}],
    ['pages of any origin', ['--config', await configFile(t, { origins: '*' })], {}],
  ];
  for (const [name, args, environment] of cases) {
    const serve = await startServe(t, args, environment);
    const url = serve.url.replace('0.0.0.0', '127.0.0.1');
    const { token, file } = await madeToken(serve);
    assert.match(token, /^[\w-]{32}$/, name);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(file))).mode & 0o777, 0o700);
    await assertRefused(url, undefined, name);
    assert.equal(await statusOf(url, token), 200, name);
    serve.process.kill('SIGTERM');
    const { stdout, stderr } = await serve.ended;
    assert.ok(!`${stdout}${stderr}`.includes(token), 'no log has it');
    await assert.rejects(stat(file), { code: 'ENOENT' });
  }
});

test('a terminal shows the token that was made', async (t) => {
  const command = `${process.execPath} dist/cli/main.js serve --port 0 --host 0.0.0.0 --anonymous`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(terminal, 'close');
  onEnd(t, async () => {
    // To whatever reads the terminal: ctrl-c.
    terminal.stdin.write('\x03');
    await ended;
  });
  let shown = '';
  for await (const text of terminal.stdout.setEncoding('utf8')) {
    shown += text;
    if (/console {2}\S+\r?\n/.test(shown)) break;
  }
  assert.match(shown, /console {2}http:\S+\/#token=[\w-]{32}\r?\n/);
});

test('a token of one’s own is not shown, be it in the config or in the environment, which goes before it', async (t) => {
  const config = ['--config', await configFile(t, { operatorToken: TOKEN, trustProxy: true })];
  const other = 'another-operators-token';
  for (const [environment, token, not] of [
    [{}, TOKEN, other],
    [{ FANWIRE_OPERATOR_TOKEN: other }, other, TOKEN],
  ] as const) {
    const serve = await startServe(t, config, environment);
    assert.equal((await consoleOf(serve)).href, `${serve.url}/`);
    assert.equal(await statusOf(serve.url, token), 200);
    await assertRefused(serve.url, not);
  }
});

test('one that is easy to guess is refused, and not repeated', async (t) => {
  const { code, stderr } = await runCli(t, ['serve'], { FANWIRE_OPERATOR_TOKEN: 'short' });
  assert.equal(code, 1);
  assert.match(stderr, /FANWIRE_OPERATOR_TOKEN: found another value, expected 16 characters or more/);
  assert.doesNotMatch(stderr, /short/);
});

test('with tokens, one that grants console:* does as well', async (t) => {
  const serve = await startServe(t, [], { FANWIRE_SECRET });
  for (const [read, status] of [
    ['console:*', 200],
    ['*,console:*', 200],
    ['*', 403],
    ['scores', 403],
  ] as const) {
    const { stdout } = await runCli(t, ['token', '--read', read], { FANWIRE_SECRET });
    assert.equal(await statusOf(serve.url, stdout.trim()), status, read);
  }
});

test('a rule that lets everyone read everything does not open the console', async (t) => {
  const config = { channels: { '*': { read: 'anyone' } } };
  const serve = await startServe(t, ['--config', await configFile(t, config)], { FANWIRE_SECRET });
  assert.equal((await send(`${serve.url}/channels/scores`)).status, 200);
  await assertRefused(serve.url);
});

test('neither such a rule nor a token for every channel reaches the computer’s readings or the scenarios', async (t) => {
  const config = [
    '--config',
    await configFile(t, { channels: { '*': { read: 'anyone', publish: 'anyone' } } }),
  ];
  const serve = await startServe(t, config, { FANWIRE_SECRET, FANWIRE_OPERATOR_TOKEN: TOKEN });
  const everything = ['token', '--read', '*', '--publish', '*'];
  const token = (await runCli(t, everything, { FANWIRE_SECRET })).stdout.trim();
  for (const channel of ['console:computer', 'console:demo:scores', 'console:demo:game']) {
    const url = `${serve.url}/channels/${channel}`;
    const post = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
    const headers = { authorization: `Bearer ${token}` };
    for (const answer of [
      await send(url),
      await send(url, { headers }),
      await send(url, post),
      await send(url, { ...post, headers: { ...post.headers, ...headers } }),
    ]) {
      assert.ok([401, 403].includes(answer.status), `${channel}: ${answer.status}`);
    }
    const operator = { authorization: `Bearer ${TOKEN}` };
    const wait = channel === 'console:computer' ? '?wait=5' : '';
    assert.equal((await send(`${url}${wait}`, { headers: operator })).status, 200, channel);
  }
  // By these names they had been among the channels of the application.
  for (const channel of ['computer', 'demo:scores', 'demo:game']) {
    assert.deepEqual((await send(`${serve.url}/channels/${channel}`)).json().messages, [], channel);
  }
});

test('nobody else can drain a node or disconnect clients, and what makes no sense is refused', async (t) => {
  const serve = await startServe(t, [], { FANWIRE_OPERATOR_TOKEN: TOKEN });
  const stranger = await connectSdk(t, serve.url);
  const operator = await connectSdk(t, serve.url, { token: TOKEN });
  const { node } = (await send(`${serve.url}/healthz`)).json();
  for (const method of ['console:drain', 'console:resume', 'console:disconnect']) {
    const { error } = await stranger.ask({ ref: 1, request: { method, data: { node, ids: [1] } } });
    assert.equal(error.code, 'forbidden', method);
  }
  for (const [method, data, sentence] of [
    ['console:drain', {}, 'node: expected the name of a node'],
    ['console:drain', { node, withinMs: -1 }, /^withinMs: expected milliseconds/],
    ['console:disconnect', { node, ids: ['1'] }, /^ids: expected a list/],
  ] as const) {
    const { error } = await operator.ask({ ref: 1, request: { method, data } });
    assert.equal(error.code, 'invalid_parameter');
    assert.match(error.detail, new RegExp(sentence));
  }
  assert.equal((await send(`${serve.url}/healthz`)).status, 200);
  const { ok } = await operator.ask({ ref: 1, request: { method: 'console:drain', data: { node } } });
  assert.match(ok.data.id, /^\w+\.\d+$/);
  await stranger.closed;
  assert.equal((await send(`${serve.url}/healthz`)).status, 503);
});

test('all workers take the one token that was made', async (t) => {
  const log = `lmdb:${await makeFastDirectory(t)}`;
  const config = await configFile(t, { trustProxy: true });
  const serve = await startServe(t, ['--workers', '2', '--log', log, '--config', config]);
  const { token } = await madeToken(serve);
  // On connections of their own, which are dealt out in turn.
  for (let asked = 0; asked < 4; asked++) {
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    assert.equal((await send(`${serve.url}/channels/console:nodes?last=1`, { headers })).status, 200);
  }
});

test('without the page nothing is told of the hub, and no token is made', async (t) => {
  const serve = await startServe(t, ['--no-console', '--host', '0.0.0.0', '--anonymous']);
  await serve.nextLine();
  await serve.nextLine();
  serve.process.kill('SIGTERM');
  assert.doesNotMatch((await serve.ended).stdout, /console|token/);
});
