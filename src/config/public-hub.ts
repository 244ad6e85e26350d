import { DEFAULT_LIMITS, type Limits } from '../protocol/limits.ts';
import { isLoopback } from '../server/address.ts';
import type { Config } from './config.ts';

/** Something that a hub on the open internet should have; docs/deployment.md lists the same. */
interface Check {
  /** What to do. */
  readonly advice: string;
  readonly why: string;
  /** Whether it is missing, and where. */
  readonly lacks: (config: Config) => boolean | readonly string[];
}

const RETAINED_BYTES = 16 * 1024 * 1024;

/** The only limits that are not of what a client may take. */
const MINIMUMS: ReadonlySet<string> = new Set<keyof Limits>(['bodyBytesPerSecond']);

export const PUBLIC_HUB_CHECKS: readonly Check[] = [
  {
    advice: 'Set `authorise`',
    why: 'without it everyone may read and publish everything',
    lacks: ({ authorise }) => authorise === undefined,
  },
  {
    advice: 'Set `tls`, or put a proxy in front that ends TLS, and set `trustProxy`',
    why:
      'in plain HTTP tokens can be read on their way; without `trustProxy` all clients of a proxy ' +
      'count as one address',
    lacks: ({ tls, trustProxy }) => tls === undefined && !trustProxy,
  },
  {
    advice: 'Set `hosts`',
    why: "else a page of another site whose name is made to resolve to this address is the hub's own page",
    lacks: ({ hosts }) => hosts === undefined,
  },
  {
    advice: 'List the pages in `origins`, in place of "*"',
    why: 'with "*" every page that a visitor opens can do what a stranger may',
    lacks: ({ origins }) => origins === '*',
  },
  {
    advice: 'Set `operatorToken`, or `console: false`',
    why: 'else one is made at each start, and has to be fetched from that computer',
    lacks: ({ operatorToken, console = true }) => console && operatorToken === undefined,
  },
  {
    advice: 'Set `authorise.audience`',
    why: 'else whatever the issuer signs for another service is taken here, too',
    lacks: ({ authorise }) =>
      typeof authorise === 'object' && authorise.secret === undefined && authorise.audience === undefined,
  },
  {
    advice: 'Leave `authorise.urlParameter` out',
    why: 'tokens in URLs end up in the log lines of proxies',
    lacks: ({ authorise }) => typeof authorise === 'object' && authorise.urlParameter !== undefined,
  },
  {
    advice: 'Let nobody publish without a token',
    why: 'a stranger can fill a channel whose rule says `publish: "anyone"`',
    lacks: ({ channels = {} }) => namesOf(channels, ({ publish }) => publish === 'anyone'),
  },
  {
    advice: 'Keep the limits at their defaults',
    why: "they are what one client may take of the hub's memory and time",
    lacks: ({ limits = {} }) =>
      Object.keys(limits).filter((name) => isLoosened(name as keyof Limits, limits)),
  },
  {
    advice: 'Keep `retain.bytes` at 16 MiB or less',
    why: 'a channel that may hold more takes the room of the others',
    lacks: ({ channels = {} }) => namesOf(channels, ({ retain }) => (retain?.bytes ?? 0) > RETAINED_BYTES),
  },
];

/** What a hub lacks that other computers can reach, as sentences; nothing for one that only this computer can. */
export function publicHubAdvice(config: Config): string[] {
  const { host = '127.0.0.1', trustProxy = false, hosts } = config;
  const local = host === 'localhost' || isLoopback(host);
  if (local && !trustProxy && hosts === undefined) return [];
  return PUBLIC_HUB_CHECKS.flatMap(({ advice, why, lacks }) => {
    const lacking = lacks(config);
    if (!lacking || (lacking !== true && lacking.length === 0)) return [];
    const places = lacking === true ? '' : ` (${lacking.join(', ')})`;
    return `${advice}${places}: ${why}`;
  });
}

function namesOf<T>(entries: Readonly<Record<string, T>>, fits: (entry: T) => boolean): string[] {
  return Object.entries(entries).flatMap(([name, entry]) => (fits(entry) ? name : []));
}

function isLoosened(name: keyof Limits, limits: Partial<Limits>): boolean {
  const given = limits[name] ?? DEFAULT_LIMITS[name];
  return MINIMUMS.has(name) ? given < DEFAULT_LIMITS[name] : given > DEFAULT_LIMITS[name];
}
