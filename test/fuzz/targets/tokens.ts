import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createJwtAuthorise } from '../../../src/hub/authorisation/jwt.ts';
import { isChannelPattern } from '../../../src/protocol/channel-pattern.ts';
import { FanwireError } from '../../../src/protocol/errors.ts';
import { mutated } from '../mutated.ts';
import { target } from '../target.ts';

const SECRET = 'a secret of thirty-two bytes, or more';
const authorise = createJwtAuthorise({ secret: SECRET });
const HEADERS = [
  '{"alg":"HS256"}',
  '{"alg":"none"}',
  '{"alg":"RS256","kid":"1"}',
  '{"alg":"HS256","crit":["x"],"x":1}',
];
const CLAIMS = [
  '{"sub":"ada","exp":4102444800,"fanwire":{"read":["scores","chat.*"],"publish":["chat.*"]}}',
  '{"fanwire":{"read":["*"]}}',
  '{"exp":1,"nbf":2,"iat":3}',
  '{"exp":-1e300,"fanwire":{}}',
];

/** Claims of every type, in every place. */
const patterns = fc.oneof(
  fc.array(fc.constantFrom<unknown>('*', 'chat.*', 'no name', 1, null)),
  fc.jsonValue(),
);
const anyClaims = fc
  .record(
    {
      sub: fc.oneof(fc.string(), fc.jsonValue()),
      exp: fc.oneof(fc.double(), fc.jsonValue()),
      nbf: fc.oneof(fc.double(), fc.jsonValue()),
      fanwire: fc.oneof(
        fc.record({ read: patterns, publish: patterns }, { requiredKeys: [] }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  .map((claims) => JSON.stringify(claims));

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const signature = (text: string) => createHmac('sha256', SECRET).update(text).digest('base64url');

async function grantOf(token: string) {
  try {
    return await authorise({ token, headers: {}, address: '127.0.0.1' });
  } catch (error) {
    if (error instanceof FanwireError && error.code === 'unauthenticated') return undefined;
    throw error;
  }
}

const whole = `${encoded(HEADERS[0]!)}.${encoded(CLAIMS[0]!)}`;

export const tokenTargets = [
  target(
    'claims of a token that is signed',
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: fc.constant(HEADERS[0]!) }, mutated(HEADERS)),
      fc.oneof(mutated(CLAIMS), anyClaims),
    ),
    async ([header, claims]) => {
      const signed = `${encoded(header)}.${encoded(claims)}`;
      const grant = await grantOf(`${signed}.${signature(signed)}`);
      for (const list of [grant?.read, grant?.publish]) {
        if (list !== undefined && list !== true) assert.ok(list.every(isChannelPattern));
      }
      if (grant?.expiresAt !== undefined) assert.ok(!Number.isNaN(grant.expiresAt));
    },
    0.3,
  ),
  target(
    'tokens that are not signed',
    mutated([whole, `${whole}.`, `${whole}.${signature('other')}`, 'a.b.c', 'e30.e30.e30.e30.e30']),
    async (token) => assert.equal(await grantOf(token), undefined),
    0.5,
  ),
];
