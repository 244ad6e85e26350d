import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { FanwireError } from '../../protocol/errors.ts';
import type { Authorise } from './access.ts';
import { CLOCK_TOLERANCE_SECONDS, createJwtAuthorise } from './jwt.ts';

const SECRET = 'a secret that only the tests know';
const nowSeconds = () => Math.floor(Date.now() / 1000);

function tokenBy(
  key: KeyObject | string,
  alg: string,
  claims: JWTPayload = {},
  kid?: string,
): Promise<string> {
  const signed = new SignJWT(claims).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) });
  return signed.sign(typeof key === 'string' ? new TextEncoder().encode(key) : key);
}

async function ask(authorise: Authorise, token: string | undefined) {
  return authorise({ token, headers: {}, address: '127.0.0.1' });
}

/** The refusal's detail, once it is sure that it does not repeat the token. */
async function refusal(authorise: Authorise, token: string, code = 'unauthenticated'): Promise<string> {
  try {
    await ask(authorise, token);
  } catch (error) {
    assert.ok(error instanceof FanwireError, String(error));
    assert.equal(error.code, code);
    for (const part of token.split('.')) assert.ok(part === '' || !error.message.includes(part));
    return error.message;
  }
  assert.fail('the token was accepted');
}

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

test('a token of HS256 grants what its claims list', async () => {
  const authorise = createJwtAuthorise({ secret: SECRET });
  const exp = nowSeconds() + 60;
  const fanwire = { read: ['scores', 'chat.*'], publish: ['*'] };
  const claims = { sub: 'ada', exp, iat: 1_700_000_000, fanwire, team: 'red' };
  assert.deepEqual(await ask(authorise, await tokenBy(SECRET, 'HS256', claims)), {
    subject: 'ada',
    claims,
    issuedAt: 1_700_000_000_000,
    read: ['scores', 'chat.*'],
    publish: ['*'],
    expiresAt: (exp + CLOCK_TOLERANCE_SECONDS) * 1000,
  });
});

for (const [alg, { publicKey, privateKey }] of Object.entries(pairs)) {
  test(`a token of ${alg} is verified by its PEM public key, and no other key's is`, async () => {
    const authorise = createJwtAuthorise({ publicKey: pem(publicKey) });
    assert.deepEqual(await ask(authorise, await tokenBy(privateKey, alg, { sub: 'ada' })), {
      subject: 'ada',
      claims: { sub: 'ada' },
      // One that does not say when it was issued may be of any time.
      issuedAt: 0,
    });
    const options = alg === 'RS256' ? { modulusLength: 2048 } : { namedCurve: 'P-256' };
    const type = { RS256: 'rsa', ES256: 'ec', EdDSA: 'ed25519' }[alg] as 'rsa';
    const stranger = generateKeyPairSync(type, options as { modulusLength: number });
    assert.match(await refusal(authorise, await tokenBy(stranger.privateKey, alg)), /signature is not by/);
  });
}

test('Ed25519, the newer name of EdDSA, is taken for an Ed25519 key', async () => {
  const { publicKey, privateKey } = pairs.EdDSA;
  const authorise = createJwtAuthorise({ publicKey: pem(publicKey) });
  assert.deepEqual(await ask(authorise, await tokenBy(privateKey, 'Ed25519', { sub: 'ada' })), {
    subject: 'ada',
    claims: { sub: 'ada' },
    issuedAt: 0,
  });
});

test('no token is nobody in particular, an empty or mangled one is refused', async () => {
  const authorise = createJwtAuthorise({ secret: SECRET });
  assert.equal(await ask(authorise, undefined), undefined);
  assert.match(await refusal(authorise, ''), /not a signed JWT/);
  assert.match(await refusal(authorise, 'eyJhbGciOiJIUzI1NiJ9.e30'), /not a signed JWT/);
});

test('a public key can not be used as the secret of an HS256 token', async () => {
  const publicKey = pem(pairs.RS256.publicKey);
  const forged = await tokenBy(publicKey, 'HS256', { sub: 'mallory' });
  assert.match(await refusal(createJwtAuthorise({ publicKey }), forged), /algorithm is not RS256/);
});

test('an unsigned token is refused whatever the key', async () => {
  const unsigned = new UnsecuredJWT({ sub: 'mallory' }).encode();
  for (const options of [{ secret: SECRET }, { publicKey: pem(pairs.ES256.publicKey) }]) {
    assert.match(await refusal(createJwtAuthorise(options), unsigned), /algorithm is not/);
  }
});

test('an expired token is told since when, but a clock a little late is forgiven', async () => {
  const authorise = createJwtAuthorise({ secret: SECRET });
  const expired = await tokenBy(SECRET, 'HS256', { exp: 1_700_000_000 });
  assert.equal(await refusal(authorise, expired), 'the token expired at 2023-11-14T22:13:20.000Z');
  const ancient = await tokenBy(SECRET, 'HS256', { exp: -1e20 });
  assert.equal(await refusal(authorise, ancient), 'the token expired at 1970-01-01T00:00:00.000Z');

  const justExpired = await ask(authorise, await tokenBy(SECRET, 'HS256', { exp: nowSeconds() }));
  assert.ok(justExpired!.expiresAt! > Date.now());
  const early = await tokenBy(SECRET, 'HS256', { nbf: nowSeconds() + 3600 });
  assert.match(await refusal(authorise, early), /"nbf"/);
});

test('issuer and audience are checked where they are configured', async () => {
  const authorise = createJwtAuthorise({ secret: SECRET, issuer: 'https://id.example', audience: 'hub' });
  const good = { iss: 'https://id.example', aud: ['hub', 'shop'] };
  assert.deepEqual(await ask(authorise, await tokenBy(SECRET, 'HS256', good)), { claims: good, issuedAt: 0 });
  assert.match(await refusal(authorise, await tokenBy(SECRET, 'HS256', { ...good, iss: 'x' })), /"iss"/);
  assert.match(await refusal(authorise, await tokenBy(SECRET, 'HS256', { ...good, aud: 'shop' })), /"aud"/);
  assert.match(await refusal(authorise, await tokenBy(SECRET, 'HS256', { aud: 'hub' })), /"iss"/);
});

test('a malformed claim is refused, naming the member and what it takes', async () => {
  const authorise = createJwtAuthorise({ secret: SECRET });
  const cases: [JWTPayload, RegExp][] = [
    [{ fanwire: 'scores' }, /claim fanwire must be an object/],
    [{ fanwire: ['scores'] }, /claim fanwire must be an object/],
    [{ fanwire: null }, /claim fanwire must be an object/],
    [{ fanwire: { read: 'scores' } }, /claim fanwire\.read must be a list of channel patterns/],
    [{ fanwire: { publish: ['a', 'b c'] } }, /claim fanwire\.publish\[1\] must be a pattern/],
    [
      { fanwire: { publish: ['{a'] } },
      /claim fanwire\.publish\[0\] must be a pattern \(a parameter is letters/,
    ],
    [{ fanwire: { publish: [7] } }, /claim fanwire\.publish\[0\] must be a pattern/],
    [{ sub: 7 as unknown as string }, /claim sub must be a string/],
  ];
  for (const [claims, expected] of cases) {
    assert.match(await refusal(authorise, await tokenBy(SECRET, 'HS256', claims)), expected);
  }
});

test('options that could never verify a token are refused at once', () => {
  const { privateKey } = pairs.EdDSA;
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
  const cases: [Parameters<typeof createJwtAuthorise>[0], RegExp][] = [
    [{}, /one of secret, publicKey and jwksUrl, or a function; it has 0/],
    [{ secret: SECRET, jwksUrl: 'https://id.example/keys' }, /it has 2/],
    [{ secret: 'x'.repeat(31) }, /secret must be at least 32 bytes, not 31/],
    [{ publicKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }, /public key in PEM/],
    [
      { publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
      /not a readable public key/,
    ],
    [{ publicKey: pem(small) }, /RSA of at least 2,048 bits/],
    [{ publicKey: pem(p384) }, /P-256/],
    [{ jwksUrl: 'keys.json' }, /jwksUrl must be an https URL/],
    [{ jwksUrl: 'http://id.example/keys' }, /jwksUrl must be an https URL/],
    [{ jwksUrl: 'http://127.0.0.1.example/keys' }, /jwksUrl must be an https URL/],
    [{ jwksUrl: 'ftp://127.0.0.1/keys' }, /jwksUrl must be an https URL/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => createJwtAuthorise(options), { name: 'TypeError', message });
  }
});

test('keys of a JWKS are read once, and again when the issuer has rotated them', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const published: object[] = [];
  let reads = 0;
  const issuer = createServer((_request, response) => {
    reads += 1;
    response.setHeader('Content-Type', 'application/jwk-set+json').end(JSON.stringify({ keys: published }));
  }).listen(0, '127.0.0.1');
  t.after(() => issuer.close());
  await once(issuer, 'listening');
  const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
  const authorise = createJwtAuthorise({ jwksUrl });

  published.push({ ...(await exportJWK(pairs.ES256.publicKey)), kid: 'old', alg: 'ES256' });
  const old = await tokenBy(pairs.ES256.privateKey, 'ES256', { sub: 'ada' }, 'old');
  assert.deepEqual(await ask(authorise, old), { subject: 'ada', claims: { sub: 'ada' }, issuedAt: 0 });
  assert.deepEqual(await ask(authorise, old), { subject: 'ada', claims: { sub: 'ada' }, issuedAt: 0 });
  assert.equal(reads, 1);

  published[0] = { ...(await exportJWK(pairs.RS256.publicKey)), kid: 'new', alg: 'RS256' };
  const rotated = await tokenBy(pairs.RS256.privateKey, 'RS256', { sub: 'bob' }, 'new');
  // An unknown key reads them anew at most twice a minute, so that made-up ones can't flood the issuer.
  assert.match(await refusal(authorise, rotated), /no key that fits/);
  t.mock.timers.tick(31_000);
  assert.deepEqual(await ask(authorise, rotated), { subject: 'bob', claims: { sub: 'bob' }, issuedAt: 0 });
  assert.match(await refusal(authorise, old), /no key that fits/);
  assert.equal(reads, 2);

  const forged = await tokenBy(SECRET, 'HS256', { sub: 'mallory' }, 'new');
  assert.match(await refusal(authorise, forged), /algorithm is not/);
});

test('two published keys that fit a token which names none are told apart from a bad token', async (t) => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = await Promise.all([pairs.ES256, other].map(({ publicKey }) => exportJWK(publicKey)));
  const issuer = createServer((_request, response) => response.end(JSON.stringify({ keys }))).listen(
    0,
    '127.0.0.1',
  );
  t.after(() => issuer.close());
  await once(issuer, 'listening');
  const authorise = createJwtAuthorise({
    jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`,
  });
  assert.match(await refusal(authorise, await tokenBy(other.privateKey, 'ES256')), /must name one by "kid"/);
});

test('while the issuer can not be read a client is asked to come back, not to give up', async (t) => {
  const issuer = createServer((_request, response) => response.writeHead(502).end()).listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const authorise = createJwtAuthorise({
    jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`,
  });
  const token = await tokenBy(pairs.ES256.privateKey, 'ES256');
  t.after(() => issuer.close());
  await refusal(authorise, token, 'authorisation_unavailable');
  issuer.closeAllConnections();
  issuer.close();
  await once(issuer, 'close');
  await assert.rejects(ask(authorise, token), { code: 'authorisation_unavailable', retryAfter: 5 });
});
