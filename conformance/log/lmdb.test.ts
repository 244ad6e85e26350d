import { testLog } from '../../src/log/conformance/index.ts';
import { lmdbLog } from '../../src/log/lmdb/index.ts';
import { makeFastDirectory } from '../../test/support/directory.ts';

testLog({
  name: 'lmdb',
  hasCensus: true,
  programs: 10,
  make: async (t, limits) => lmdbLog({ directory: await makeFastDirectory(t), ...limits }),
  async makeNodes(t, nodes) {
    const directory = await makeFastDirectory(t);
    return Array.from({ length: nodes }, () => lmdbLog({ directory }));
  },
});
