import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { onEnd } from '../../support/on-end.ts';

/** What a test does to an engine that no owner may. */
interface Killable {
  kill(): Promise<void>;
}

/** The engines that hubs of this process start from now on. */
export async function noteEngines(t: TestContext): Promise<readonly Killable[]> {
  const { Server } = await import(pathToFileURL('engines/webtransport/dist/server.js').href);
  const engines = new Set<Killable>();
  const noted: Killable[] = [];
  const { start } = Server.prototype;
  Server.prototype.start = function (this: Killable) {
    if (!engines.has(this)) noted.push(this);
    engines.add(this);
    return start.call(this);
  };
  onEnd(t, () => {
    Server.prototype.start = start;
  });
  return noted;
}
