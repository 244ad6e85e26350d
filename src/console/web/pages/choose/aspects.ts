/** What the field says, aspect by aspect. The SDK's HTTP streaming stands with SSE: the same connection in other clothes. */
export const TECHNIQUES = ['polling', 'long-polling', 'sse', 'websocket'] as const;

type Technique = (typeof TECHNIQUES)[number];

export interface Aspect {
  readonly name: string;
  readonly of: Readonly<Record<Technique, string>>;
}

export const ASPECTS: readonly Aspect[] = [
  aspect('Direction', 'client → server', 'client → server', 'server → client', 'both'),
  aspect('Connection', 'new each time', 'held, made anew', 'one, stays open', 'one, stays open'),
  aspect('Delay', '0 to N seconds', 'near-instant', 'near-instant', 'near-instant'),
  aspect('Load on the server', 'high, constant', 'moderate, held', 'low, one a client', 'low, one a client'),
  aspect('Bandwidth', 'high', 'moderate', 'low', 'very low'),
  aspect('Client code by hand', 'very little', 'little', 'very little', 'moderate'),
  aspect('Reconnects by itself', 'n/a', 'by hand', 'built in', 'by hand'),
  aspect('Corporate proxy', 'works', 'works, may time out', 'may be buffered', 'may be blocked'),
  aspect('CDN', 'works, cacheable', 'works', 'may be buffered', 'needs support'),
  aspect('Mobile carrier', 'works', 'may time out', 'may be buffered', 'usually works'),
  aspect('Best for', 'rare checks', 'moderate real-time', 'feeds, progress', 'chat, games'),
];

function aspect(name: string, polling: string, longPolling: string, sse: string, websocket: string): Aspect {
  return { name, of: { polling, 'long-polling': longPolling, sse, websocket } };
}
