import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logUrlFault } from '../../../src/config/log-url.ts';
import { isChannelName } from '../../../src/protocol/channel-name.ts';
import { channelMatcher } from '../../../src/protocol/channel-pattern.ts';
import { DEFAULT_LIMITS } from '../../../src/protocol/limits.ts';
import { formatPosition, parsePosition } from '../../../src/protocol/position.ts';
import { readStart } from '../../../src/protocol/start-reader.ts';
import { channelsOf, limitOf, startOf } from '../../../src/server/channel-url.ts';
import { pathOf, queryOf } from '../../../src/server/request-url.ts';
import { createRouter } from '../../../src/server/router.ts';
import { cuts, mutated } from '../mutated.ts';
import { target, unlessRefused } from '../target.ts';

const routes = [createRouter('/'), createRouter('/realtime/v1')];
const PASSWORD = 'hunter2hunter2';

/** The same by brute force: every place of the name that the pattern so far may reach. */
function matches(pattern: string, name: string): boolean {
  let reached = [0];
  for (const character of pattern) {
    reached =
      character === '*'
        ? Array.from({ length: name.length + 1 }, (_, at) => at).filter((at) => at >= Math.min(...reached))
        : reached.filter((at) => name[at] === character).map((at) => at + 1);
  }
  return reached.includes(name.length);
}

export const nameTargets = [
  target(
    'positions',
    mutated(['k3f9.7', '0.0', `${'a'.repeat(32)}.9007199254740991`, 'start', 'now']),
    (text) => {
      const position = parsePosition(text);
      if (position) assert.equal(formatPosition(position), text);
      const start = unlessRefused(['invalid_position'], () => readStart(text, undefined));
      assert.equal(start?.kind === 'after', position !== undefined);
    },
  ),
  target(
    'names of channels in a path',
    mutated(['a', 'a,b,c', 'chat.room:1', 'a%2Cb', '%E2%82%AC', 'x'.repeat(200)]),
    (text) => {
      const names = unlessRefused(['invalid_channel', 'too_many_channels'], () =>
        channelsOf(text, DEFAULT_LIMITS),
      );
      if (!names) return;
      assert.ok(names.length > 0 && names.every(isChannelName));
      assert.equal(new Set(names).size, names.length);
    },
  ),
  target(
    'patterns of channels',
    fc.tuple(fc.stringMatching(/^[ab*]{1,12}$/), fc.stringMatching(/^[ab]{0,20}$/)),
    ([pattern, name]) => assert.equal(channelMatcher(pattern)(name), matches(pattern, name)),
  ),
  target(
    'URLs and their queries',
    fc.tuple(
      mutated([
        '/channels/a,b?after=k3f9.7&limit=10',
        '/channels/a?last=5',
        '/realtime/v1/connect?token=x',
        '/channels/a/presence?after=now',
      ]),
      cuts,
    ),
    ([url]) => {
      for (const route of routes) {
        const found = route(pathOf({ url }));
        if (found && 'segment' in found) assert.ok(!/[/?]/.test(found.segment));
      }
      const query = queryOf({ url });
      const codes = ['invalid_position', 'invalid_parameter'] as const;
      unlessRefused(codes, () => startOf(query, undefined));
      const limit = unlessRefused(codes, () => limitOf(query, DEFAULT_LIMITS));
      if (limit !== undefined)
        assert.ok(Number.isInteger(limit) && limit >= 1 && limit <= DEFAULT_LIMITS.pageMessages);
    },
  ),
  target(
    'URLs of logs',
    mutated([
      'memory',
      'lmdb:data',
      `redis://u:${PASSWORD}@h:6379/1`,
      `nats://u:${PASSWORD}@h`,
      `tls://${PASSWORD}@h`,
    ]),
    (url) => {
      const fault = logUrlFault(url);
      if (/^(rediss?|nats|tls):/.test(url)) assert.ok(!fault?.includes(PASSWORD), 'a password is repeated');
    },
  ),
];
