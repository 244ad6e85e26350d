import type { OpenEndpoint } from './endpoint.ts';
import { memo } from './memo.ts';
import type { RequestHead } from './request-head.ts';
import type { ScriptFile } from './script.ts';

/** What a request is for. */
export type Route =
  | { readonly kind: 'channel'; readonly segment: string }
  | { readonly kind: 'presence'; readonly segment: string }
  | { readonly kind: 'connect' }
  | { readonly kind: 'echo' }
  | { readonly kind: 'health' }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'script'; readonly file: ScriptFile }
  | { readonly kind: 'endpoint'; readonly endpoint: OpenEndpoint };

/** The path without a slash at its end, to stand before others. @throws TypeError for what is no path */
export function basePathOf(basePath: string): string {
  if (!/^\/([\w.~-]+(\/[\w.~-]+)*\/?)?$/.test(basePath)) {
    throw new TypeError(`basePath must be a path such as /realtime, not ${JSON.stringify(basePath)}`);
  }
  return basePath.replace(/\/$/, '');
}

/** Finds the route of a path under `basePath`, or of an endpoint; undefined for what is not the hub's. */
export function createRouter(
  basePath: string,
  endpoints: readonly OpenEndpoint[] = [],
): (path: string) => Route | undefined {
  const base = basePathOf(basePath);
  return memo((path) => {
    const own = ownRoute(path);
    if (own) return own;
    const endpoint = endpoints.find((one) => one.owns(path));
    return endpoint && { kind: 'endpoint', endpoint };
  });

  function ownRoute(path: string): Route | undefined {
    if (!path.startsWith(`${base}/`)) return undefined;
    const [first, second, third, ...rest] = path.slice(base.length + 1).split('/');
    if (rest.length > 0) return undefined;
    if (first === 'channels' && second !== undefined) {
      if (third === undefined) return { kind: 'channel', segment: second };
      return third === 'presence' ? { kind: 'presence', segment: second } : undefined;
    }
    if (first === 'connect' && second === 'echo' && third === undefined) return { kind: 'echo' };
    if (second !== undefined) return undefined;
    if (first === 'connect') return { kind: 'connect' };
    if (first === 'fanwire.js' || first === 'fanwire.js.map') return { kind: 'script', file: first };
    if (first === 'healthz') return { kind: 'health' };
    return first === 'metrics' ? { kind: 'metrics' } : undefined;
  }
}

const READ = ['GET', 'HEAD', 'OPTIONS'];
const METHODS: Readonly<Record<Exclude<Route['kind'], 'endpoint'>, readonly string[]>> = {
  channel: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  connect: ['POST', 'OPTIONS'],
  echo: READ,
  presence: READ,
  health: READ,
  metrics: READ,
  script: READ,
};

/** The methods that a route takes, for `Allow`. */
export function methodsOf(route: Route): readonly string[] {
  return route.kind === 'endpoint' ? [...route.endpoint.methods, 'OPTIONS'] : METHODS[route.kind];
}

/** What is for those who run the hub: in a server of somebody else's it may be theirs. */
export function isMonitoring({ kind }: Route): boolean {
  return kind === 'health' || kind === 'metrics';
}

export function isRead({ method }: Pick<RequestHead, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}
