import type { TestContext } from 'node:test';
import { testAppend } from './append.ts';
import { testCensus } from './census.ts';
import { testEpoch } from './epoch.ts';
import { testFollow } from './follow.ts';
import { testGaps } from './gaps.ts';
import { KEEPS_ALL, type LogUnderTest, NOBODY, openedUnderTest } from './log-under-test.ts';
import { testPaging } from './paging.ts';
import { testPrograms } from './programs.ts';
import { testRead } from './read.ts';
import { testRetention } from './retention.ts';
import { testRoster, testSharedRoster } from './roster.ts';

export type { LogLimits, LogUnderTest } from './log-under-test.ts';

/** Asks of a log, by tests of `node:test`, what the contract promises of each. */
export function testLog(under: LogUnderTest): void {
  const opened = openedUnderTest(under);
  testAppend(opened);
  testRead(opened);
  testPaging(opened);
  testGaps(opened);
  testEpoch(opened);
  testRetention(opened);
  testFollow(opened);
  testPrograms(opened);
  const { name, hasCensus, makeNodes } = under;
  if (hasCensus) testCensus(opened);
  if (!makeNodes) return;
  const rosters = {
    name,
    async open(t: TestContext, nodes: number) {
      const logs = await makeNodes(t, nodes);
      t.after(() => Promise.all(logs.map((log) => log.close())));
      await Promise.all(logs.map((log) => log.open(NOBODY, () => KEEPS_ALL)));
      return logs.map((log) => log.roster!);
    },
  };
  testRoster(rosters);
  testSharedRoster(rosters);
}
