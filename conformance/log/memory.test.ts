import { testLog } from '../../src/log/conformance/index.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';

testLog({ name: 'memory', hasCensus: true, programs: 200, make: (_, limits) => memoryLog(limits) });
