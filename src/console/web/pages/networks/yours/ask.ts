import { type Answer, type Ask, type Asking, Failed } from '../../../../../doctor/ask.ts';
import type { Target } from '../../../../../doctor/target.ts';

/** Asks as a page can: the browser chooses the connection, adds `Origin`, and tells nothing of why it failed. */
export function askerOf({ url, token, patienceMs }: Pick<Target, 'url' | 'token' | 'patienceMs'>): Ask {
  return async (path, { method = 'GET', headers, body, withinMs = patienceMs }: Asking = {}) => {
    const abort = new AbortController();
    const late = new Failed({
      by: 'network',
      cause: 'mute',
      detail: `no answer within ${withinMs / 1000} s`,
    });
    const timer = setTimeout(() => abort.abort(late), withinMs);
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
        signal: abort.signal,
      });
      return answerOf(response, abort);
    } catch (error) {
      throw abort.signal.aborted ? late : brokenOff(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function answerOf(response: Response, abort: AbortController): Answer {
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    async read(onText) {
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read().catch((error: unknown) => {
          throw brokenOff(error);
        });
        if (done) return;
        onText(value);
      }
    },
    leave: () => abort.abort(),
  };
}

function brokenOff(error: unknown): Failed {
  const detail = `the connection broke off, or there was none: ${(error as Error).message}`;
  return new Failed({ by: 'network', cause: 'cut', detail });
}
