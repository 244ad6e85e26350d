import { testLog } from '../../src/log/conformance/index.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { sharedNats } from '../../test/support/shared-nats.ts';

testLog({
  name: 'nats',
  programs: 10,
  remembersKeys: true,
  make: async () => natsLog(await sharedNats()),
  async makeNodes(_, nodes) {
    const options = await sharedNats();
    return Array.from({ length: nodes }, () => natsLog(options));
  },
});
