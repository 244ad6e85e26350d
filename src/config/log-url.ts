import type { Log } from '../log/log.ts';
import { memoryLog } from '../log/memory/memory-log.ts';
import { suggestion } from './nearest.ts';

type Factory = (url: string) => Log | Promise<Log>;

/** Loaded when called for: each but memory needs a driver that may not be installed. */
const FACTORIES: Readonly<Record<string, Factory>> = {
  memory: () => memoryLog(),
  lmdb: async (url) =>
    (await import('../log/lmdb/index.ts')).lmdbLog({ directory: url.slice('lmdb:'.length) }),
  redis: redisAt,
  rediss: redisAt,
  nats: natsAt,
  // What NATS calls its own scheme with TLS.
  tls: natsAt,
};

async function redisAt(url: string): Promise<Log> {
  return (await import('../log/redis/index.ts')).redisLog({ url });
}

async function natsAt(url: string): Promise<Log> {
  return (await import('../log/nats/index.ts')).natsLog({ url });
}

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
export async function logAt(url: string): Promise<Log> {
  return FACTORIES[/^\w*/.exec(url)![0]]!(url);
}
