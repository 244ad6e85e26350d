// A job of some seconds: compresses the node program that the hub runs on, and hashes the result.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const MAX_JOBS = 4;

export const channels = {
  'console:demo:progress': { read: 'nobody', retain: { ageMs: 60_000 } },
  // Ten a second are enough to look at, and the newest says it all.
  'console:demo:progress:*': { publish: 'nobody', conflateMs: 100, retain: { count: 1, ageMs: 3_600_000 } },
};

export function start(hub) {
  const jobs = new Map();
  const commands = hub.subscribe('console:demo:progress', async ({ data }) => {
    const { start: id, cancel } = data ?? {};
    jobs.get(cancel)?.abort();
    if (!/^[\d-]{7,43}$/.test(id) || jobs.has(id) || jobs.size === MAX_JOBS) return;
    const job = new AbortController();
    jobs.set(id, job);
    const tell = (state) => hub.publish(`console:demo:progress:${id}`, state).catch(() => {});
    const end = await compress(process.execPath, tell, job.signal).catch((error) => ({
      failed: error.message,
    }));
    jobs.delete(id);
    await tell(end);
  });
  return () => {
    commands.close();
    for (const job of jobs.values()) job.abort();
  };
}

async function compress(file, tell, signal) {
  const { size: total } = await stat(file);
  const sha256 = createHash('sha256');
  let [done, compressed] = [0, 0];
  const source = createReadStream(file).on('data', (chunk) => tell({ done: (done += chunk.length), total }));
  const gzip = createGzip({ level: 9 }).on('data', (chunk) => (compressed += chunk.length));
  await pipeline(source, gzip, sha256, { signal });
  return { done, total, compressed, sha256: sha256.digest('hex') };
}
