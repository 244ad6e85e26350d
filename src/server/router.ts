import type { IncomingMessage } from 'node:http';
import { memo } from './memo.ts';
import type { ScriptFile } from './script.ts';

/** What a request is for. */
export type Route =
  | { readonly kind: 'channel'; readonly segment: string }
  | { readonly kind: 'presence'; readonly segment: string }
  | { readonly kind: 'connect' }
  | { readonly kind: 'health' }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'script'; readonly file: ScriptFile };

/** Finds the route of a path under `basePath`; undefined for what is not the hub's. */
export function createRouter(basePath: string): (path: string) => Route | undefined {
  if (!/^\/([\w.~-]+(\/[\w.~-]+)*\/?)?$/.test(basePath)) {
    throw new TypeError(`basePath must be a path such as /realtime, not ${JSON.stringify(basePath)}`);
  }
  const base = basePath.replace(/\/$/, '');
  return memo((path) => {
    if (!path.startsWith(`${base}/`)) return undefined;
    const [first, second, third, ...rest] = path.slice(base.length + 1).split('/');
    if (rest.length > 0) return undefined;
    if (first === 'channels' && second !== undefined) {
      if (third === undefined) return { kind: 'channel', segment: second };
      return third === 'presence' ? { kind: 'presence', segment: second } : undefined;
    }
    if (second !== undefined) return undefined;
    if (first === 'connect') return { kind: 'connect' };
    if (first === 'fanwire.js' || first === 'fanwire.js.map') return { kind: 'script', file: first };
    if (first === 'healthz') return { kind: 'health' };
    return first === 'metrics' ? { kind: 'metrics' } : undefined;
  });
}

const READ = ['GET', 'HEAD', 'OPTIONS'];
const METHODS: Readonly<Record<Route['kind'], readonly string[]>> = {
  channel: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  connect: ['POST', 'OPTIONS'],
  presence: READ,
  health: READ,
  metrics: READ,
  script: READ,
};

/** The methods that a route takes, for `Allow`. */
export function methodsOf(route: Route): readonly string[] {
  return METHODS[route.kind];
}

/** What is for those who run the hub: in a server of somebody else's it may be theirs. */
export function isMonitoring({ kind }: Route): boolean {
  return kind === 'health' || kind === 'metrics';
}

export function isRead({ method }: Pick<IncomingMessage, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}
