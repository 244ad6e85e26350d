import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import { GroupCommit } from './group-commit.ts';

/** A disk whose commits end when the test says so. */
class ScriptedDisk {
  readonly commits: { readonly jobs: number; end(error?: Error): void }[] = [];

  readonly commit = (jobs: readonly ((tools: string) => unknown)[]): Promise<readonly unknown[]> =>
    new Promise((resolve, reject) => {
      this.commits.push({
        jobs: jobs.length,
        end: (error) => (error ? reject(error) : resolve(jobs.map((job) => job('tools')))),
      });
    });

  async ends(index: number, error?: Error): Promise<void> {
    while (!this.commits[index]) await new Promise(setImmediate);
    this.commits[index].end(error);
  }
}

test('what a tick brings is one commit, and so is what comes while that is under way', async () => {
  const disk = new ScriptedDisk();
  const group = new GroupCommit<string>(disk.commit, 60_000, SYSTEM_RUNTIME);
  const first = [1, 2, 3].map((number) => group.add(() => number));
  await new Promise(setImmediate);
  const second = [4, 5].map((number) => group.add((tools) => `${tools} ${number}`));
  await disk.ends(0);
  await disk.ends(1);
  assert.deepEqual(await Promise.all([...first, ...second]), [1, 2, 3, 'tools 4', 'tools 5']);
  assert.deepEqual(
    disk.commits.map(({ jobs }) => jobs),
    [3, 2],
  );
});

test('what the other callbacks of a turn bring comes along, as each socket has one', async () => {
  const disk = new ScriptedDisk();
  const group = new GroupCommit<string>(disk.commit, 60_000, SYSTEM_RUNTIME);
  const inCallback = (number: number) =>
    new Promise<number>((resolve) => setImmediate(() => resolve(group.add(() => number))));
  const answers = [1, 2, 3].map(inCallback);
  await disk.ends(0);
  assert.deepEqual(await Promise.all(answers), [1, 2, 3]);
  assert.equal(disk.commits.length, 1);
});

test('a commit that fails fails for those in it, and for nobody after', async () => {
  const disk = new ScriptedDisk();
  const group = new GroupCommit<string>(disk.commit, 60_000, SYSTEM_RUNTIME);
  const failing = group.add(() => 1);
  await Promise.all([
    assert.rejects(failing, { code: 'log_unavailable', retryAfter: 1, message: /no space left/ }),
    disk.ends(0, new Error('no space left')),
  ]);
  const next = group.add(() => 2);
  await disk.ends(1);
  assert.equal(await next, 2);
});

test('a commit that hangs fails within the time limit, for those who wait and those who come', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const disk = new ScriptedDisk();
  const group = new GroupCommit<string>(disk.commit, 2000, SYSTEM_RUNTIME);
  const unavailable = { code: 'log_unavailable', message: /takes too long/ };
  const stuck = assert.rejects(
    group.add(() => 1),
    unavailable,
  );
  await new Promise(setImmediate);
  const waiting = assert.rejects(
    group.add(() => 2),
    unavailable,
  );
  t.mock.timers.tick(2000);
  await Promise.all([stuck, waiting]);
  await assert.rejects(
    group.add(() => 3),
    unavailable,
  );

  await disk.ends(0);
  await new Promise(setImmediate);
  const next = group.add(() => 4);
  await disk.ends(1);
  assert.equal(await next, 4, 'it goes on when the disk does');
});
