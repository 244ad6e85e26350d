import { LocalRoster } from '../../src/hub/presence/local-roster.ts';
import { testRoster } from '../../src/log/conformance/roster.ts';

testRoster({ name: 'local', open: async () => [new LocalRoster()] });
