import type { RequestHead } from './request-head.ts';
import { collectAnswer, type Treatment, withoutUpgrade } from './treatments.ts';

interface Kept {
  readonly head: string;
  readonly body: Buffer;
  readonly at: number;
  readonly until: number;
}

/**
 * A shared cache (RFC 9111) that asks for an answer, and hands it on once it is whole: it keeps what `s-maxage` lets it keep, and
 * for so long. It knows no Upgrade.
 */
export function sharedCache(onHit = () => {}): Treatment {
  const kept = new Map<string, Kept>();
  return ({ head, client, forward }) => {
    const key = keyOf(head);
    const known = key === undefined ? undefined : kept.get(key);
    if (known && known.until > Date.now()) {
      onHit();
      const age = Math.floor((Date.now() - known.at) / 1000);
      client.end(
        Buffer.concat([Buffer.from(known.head.replace('\r\n', `\r\nAge: ${age}\r\n`), 'latin1'), known.body]),
      );
      return;
    }
    const keep = (answer: string, body: Buffer) => {
      const seconds = freshFor(answer);
      const at = Date.now();
      if (key !== undefined && seconds > 0)
        kept.set(key, { head: answer, body, at, until: at + seconds * 1000 });
    };
    collectAnswer(
      forward(withoutUpgrade),
      () => {},
      (answer, body) => {
        keep(answer.toString('latin1'), body);
        client.end(Buffer.concat([answer, body]));
      },
    );
  };
}

/** Undefined for what is not cached: RFC 9111, sections 3 and 3.5. `Vary: Accept` is heeded, as the hub asks for it. */
function keyOf({ method, target, headers }: RequestHead): string | undefined {
  if (method !== 'GET' || headers.authorization !== undefined) return undefined;
  return `${target} ${headers.accept ?? ''}`;
}

/** In seconds. */
function freshFor(head: string): number {
  if (!head.startsWith('HTTP/1.1 200')) return 0;
  const [, control = ''] = /^cache-control:(.*)$/im.exec(head) ?? [];
  if (/no-store|no-cache|private/i.test(control)) return 0;
  return Number(/s-maxage=(\d+)/i.exec(control)?.[1] ?? 0);
}
