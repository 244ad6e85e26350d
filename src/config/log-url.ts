import { lmdbLog } from '../log/lmdb/index.ts';
import type { Log } from '../log/log.ts';
import { memoryLog } from '../log/memory/memory-log.ts';
import { natsLog } from '../log/nats/index.ts';
import { redisLog } from '../log/redis/index.ts';
import { suggestion } from './nearest.ts';

/** Each but memory needs a driver that may not be installed: it is loaded, or missed, when the log is opened. */
const FACTORIES: Readonly<Record<string, (url: string) => Log>> = {
  memory: () => memoryLog(),
  lmdb: (url) => lmdbLog(url.slice('lmdb:'.length)),
  redis: redisLog,
  rediss: redisLog,
  nats: natsLog,
  // What NATS calls its own scheme with TLS.
  tls: natsLog,
};

export const LOG_URL_RULE = 'memory, lmdb:DIR, redis://HOST, rediss://HOST or nats://HOST';

/** What is wrong with the name of a log, if anything. It is not repeated whole: it may hold a password. */
export function logUrlFault(url: string): string | undefined {
  const [, scheme = '', rest = ''] = /^(\w*):?(.*)$/s.exec(url)!;
  if (!Object.hasOwn(FACTORIES, scheme)) {
    return `no log is called ${JSON.stringify(scheme)}${suggestion(scheme, Object.keys(FACTORIES))}`;
  }
  if (url === 'memory') return undefined;
  if (scheme === 'memory') return 'memory stands alone';
  if (scheme === 'lmdb') return rest === '' ? 'lmdb: needs a directory, as in lmdb:data' : undefined;
  return URL.canParse(url) && rest.startsWith('//')
    ? undefined
    : `${scheme} needs a URL, as in ${scheme}://127.0.0.1`;
}

/** The log of a name that has no fault. It is not open yet. */
export function logAt(url: string): Log {
  return FACTORIES[/^\w*/.exec(url)![0]]!(url);
}
