import { after } from 'node:test';
import { PATIENT_MS } from './patience.ts';
import { openRedis, type RedisServer } from './redis-server.ts';

let opening: Promise<RedisServer> | undefined;
let prefixes = 0;

/** One redis-server for all tests of a file; each takes a prefix of its own. */
export async function sharedRedis(): Promise<{
  readonly url: string;
  readonly prefix: string;
  readonly timeoutMs: number;
}> {
  opening ??= openRedis();
  const { url } = await opening;
  prefixes += 1;
  return { url, prefix: `test-${prefixes}`, timeoutMs: PATIENT_MS };
}

after(async () => (await opening)?.kill());
