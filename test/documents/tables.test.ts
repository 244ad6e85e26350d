import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Code } from '@connectrpc/connect';
import { DEFAULT_LIMITS as WEBTRANSPORT_LIMITS } from '../../engines/webtransport/src/limits.ts';
import { PUBLIC_HUB_CHECKS } from '../../src/config/public-hub.ts';
import { STATUS } from '../../src/grpc/status.ts';
import { channelMatcher } from '../../src/protocol/channel-pattern.ts';
import { CLOSE } from '../../src/protocol/close-codes.ts';
import type { ErrorCode } from '../../src/protocol/errors.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { PROBLEMS } from '../../src/protocol/problems.ts';
import { TRANSPORTS } from '../../src/transports/transports.ts';
import { PROXIES } from '../world/proxies/proxies.ts';
import { tableUnder } from './markdown.ts';
import { numberIn, unquoted } from './tables.ts';

test('PROTOCOL.md lists every error with its status and remedy', () => {
  assert.deepEqual(
    tableUnder('PROTOCOL.md', '5. Errors'),
    Object.entries(PROBLEMS).map(([code, { status, remedy }]) => [`\`${code}\``, `${status}`, remedy]),
  );
});

test('docs/grpc.md lists every error by the status that tells it', () => {
  const byStatus = new Map<string, string[]>();
  for (const [code, status] of Object.entries(STATUS)) {
    const name = statusName(status);
    byStatus.set(name, [...(byStatus.get(name) ?? []), `\`${code}\``]);
  }
  assert.deepEqual(
    tableUnder('docs/grpc.md', 'Errors').map(([status = '', codes = '']) => [unquoted(status), codes]),
    [...byStatus].map(([status, codes]) => [status, codes.join(', ')]),
  );
});

/** As gRPC writes it; Connect spells one of them otherwise. */
function statusName(status: Code): string {
  const name = Code[status].replaceAll(/(?<!^)[A-Z]/g, '_$&').toUpperCase();
  return name === 'CANCELED' ? 'CANCELLED' : name;
}

test('PROTOCOL.md lists every transport: what chooses it, and what it can do', () => {
  const rows = tableUnder('PROTOCOL.md', '1.4 The transports');
  assert.deepEqual(
    new Map(rows.map(([, , name, ...can]) => [unquoted(name!), can.map((cell) => cell === '✓')])),
    new Map(
      [...TRANSPORTS].map(
        ({ name, push, streaming, duplex, binary }) => [name, [push, streaming, duplex, binary]] as const,
      ),
    ),
  );
  for (const transport of TRANSPORTS) {
    const [sends] = rows.find(([, , name]) => name === `\`${transport.name}\``)!;
    // A long poll asks for the same as a poll, and for its answer later; a session is asked for by an API of its own.
    if (transport.name === 'long-polling' || transport.comesAs === 'session') continue;
    assert.ok(sends!.includes(transport.comesAs === 'request' ? transport.mediaType : transport.protocol));
  }
});

test('docs/configuration.md says what patterns match as the code does', () => {
  for (const [, , pattern, matching, others] of tableUnder('docs/configuration.md', 'Channel patterns')) {
    const matches = channelMatcher(unquoted(pattern!));
    for (const channel of matching!.split(', ')) assert.ok(matches(unquoted(channel)), channel);
    for (const channel of others!.split(', ')) assert.ok(!matches(unquoted(channel)), channel);
  }
});

test('PROTOCOL.md lists every close code', () => {
  const codes = tableUnder('PROTOCOL.md', '6. Close codes').map(([code]) => Number(code));
  assert.deepEqual(codes, Object.values(CLOSE));
});

test('PROTOCOL.md lists every limit with its default', () => {
  assert.deepEqual(
    tableUnder('PROTOCOL.md', '7. Limits').map(([name, value = '']) => [name, numberIn(value)]),
    Object.entries(DEFAULT_LIMITS).map(([name, value]) => [`\`${name}\``, value]),
  );
});

test('SECURITY.md lists every limit, and the errors that it names are those of src/protocol/limits.ts', () => {
  const source = readFileSync('src/protocol/limits.ts', 'utf8');
  const rows = tableUnder('SECURITY.md', 'Limits');
  assert.deepEqual(
    rows.map(([name]) => name),
    Object.keys(DEFAULT_LIMITS).map((name) => `\`${name}\``),
  );
  for (const [name = '', , seen = ''] of rows) {
    const member = unquoted(name);
    const [, error] = new RegExp(`/\\*\\*[^\\n]*?(?:→ \`(\\w+)\`)? \\*/\\n  ${member}: number`).exec(source)!;
    if (error) assert.ok(seen.includes(`\`${error}\``), `${member}: ${error}`);
    for (const [, code, status] of seen.matchAll(/`(\w+_\w+)`, (\d+)/g)) {
      assert.equal(PROBLEMS[code as ErrorCode]?.status, Number(status), `${member}: ${code}`);
    }
    for (const [, code] of seen.matchAll(/close code (\d+)/g)) {
      assert.ok((Object.values(CLOSE) as number[]).includes(Number(code)), `${member}: ${code}`);
    }
  }
});

test('SECURITY.md lists every limit of WebTransport', () => {
  assert.deepEqual(
    tableUnder('SECURITY.md', 'Limits of WebTransport').map(([name]) => name),
    Object.keys(WEBTRANSPORT_LIMITS).map((name) => `\`${name}\``),
  );
});

test('docs/deployment.md lists what check-config advises for a public hub', () => {
  assert.deepEqual(
    tableUnder('docs/deployment.md', 'On the open internet'),
    PUBLIC_HUB_CHECKS.map(({ advice, why }) => [advice, why]),
  );
});

test('ARCHITECTURE.md names tests that exist for every promise', () => {
  const promises = tableUnder('ARCHITECTURE.md', 'The promises, and what holds them');
  assert.deepEqual(
    promises.map(([number]) => number),
    ['1', '2', '3', '4', '5', '6', '7'],
  );
  for (const [number, , tests = ''] of promises) {
    const paths = [...tests.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
    assert.ok(paths.length > 0, `promise ${number}`);
    for (const path of paths) assert.ok(existsSync(path), `promise ${number}: ${path}`);
  }
});

test('docs/deployment.md says of each proxy what its test has seen', () => {
  const rows = tableUnder('docs/deployment.md', 'Behind a proxy as its package installs it');
  assert.deepEqual(
    rows.map(([proxy = '', transport = '', ...rest]) => [proxy.split(',')[0], unquoted(transport), ...rest]),
    PROXIES.map(({ name, settlesOn, causes, keepsHost }) => [
      name,
      settlesOn,
      causes.join(', ').replaceAll(':', ''),
      keepsHost ? 'yes' : 'no',
    ]),
  );
});
