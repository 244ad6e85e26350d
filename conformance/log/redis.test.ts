import { testLog } from '../../src/log/conformance/index.ts';
import { redisLog } from '../../src/log/redis/index.ts';
import { sharedRedis } from '../../test/support/shared-redis.ts';

testLog({
  name: 'redis',
  hasCensus: true,
  programs: 10,
  make: async (_, limits) => redisLog({ ...(await sharedRedis()), ...limits }),
  async makeNodes(_, nodes) {
    const options = await sharedRedis();
    return Array.from({ length: nodes }, () => redisLog(options));
  },
});
