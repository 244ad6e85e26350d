import { MARK_PARAMETER } from '../../../../inspector/wire-record.ts';
import { hubUrl } from '../../../shell/connection.ts';

/** What the page lets stand between the lesson's client and the hub. */
export const OBSTACLES = {
  upgrades: 'Upgrades are refused, as by a proxy that doesn’t know WebSocket',
  streams: 'Streams are held back, as by a proxy that buffers',
  plug: 'The plug is pulled: nothing gets through',
} as const;

export type Obstacle = keyof typeof OBSTACLES;

/** Told of frames over a WebSocket. */
export interface Heard {
  /** How often the hub gives a sign of life, as it says in its welcome. */
  heartbeat(everyMs: number): void;
  sign(): void;
}

/** A `fetch` and a `WebSocket` that go through the obstacles. Each request carries the mark, so that the hub can cut its connection. */
export function throughObstacles(mark: string, standing: ReadonlySet<Obstacle>, heard: Heard) {
  const marked = (address: string) => {
    const url = new URL(address, location.href);
    url.searchParams.set(MARK_PARAMETER, mark);
    return url;
  };
  return {
    async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
      if (standing.has('plug')) throw new TypeError('the plug is pulled');
      const response = await fetch(marked(String(input)), init);
      const isStream = /event-stream|ndjson/.test(response.headers.get('content-type') ?? '');
      return isStream && standing.has('streams') ? heldBack(response, init?.signal) : response;
    },
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        // No hub answers there with 101: the handshake is made, and refused.
        const blocked = standing.has('upgrades') || standing.has('plug');
        super(blocked ? `${hubUrl().replace(/^http/, 'ws')}/refused` : marked(url));
        this.addEventListener('message', ({ data }) => {
          heard.sign();
          const welcome = typeof data === 'string' && data.includes('"welcome"') && JSON.parse(data).welcome;
          if (welcome) heard.heartbeat(welcome.heartbeatMs);
        });
      }
    },
  };
}

/** The head of an answer, and a body that never comes. */
function heldBack({ status, headers, body }: Response, signal: AbortSignal | null | undefined): Response {
  const silence = new ReadableStream({
    start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
    cancel: (reason) => body?.cancel(reason),
  });
  return new Response(silence, { status, headers });
}
