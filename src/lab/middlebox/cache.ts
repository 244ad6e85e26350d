import type { RequestHead } from './request-head.ts';
import { collectAnswer, type Treatment, withoutUpgrade } from './treatments.ts';

interface Kept {
  readonly head: string;
  readonly body: Buffer;
  readonly at: number;
  readonly until: number;
  /** For requests that have these headers as the first one had them. */
  readonly vary: readonly (readonly [name: string, value: string | undefined])[];
}

/**
 * A shared cache (RFC 9111) that asks for an answer, and hands it on once it is whole. It keeps what `s-maxage` lets it keep, and for
 * so long; of each address the newest variant. It knows no Upgrade.
 */
export function sharedCache(onHit = () => {}): Treatment {
  const kept = new Map<string, Kept>();
  return ({ head, client, forward }) => {
    const known = kept.get(head.target);
    if (known && isCacheable(head) && isFor(known, head)) {
      onHit();
      const age = Math.floor((Date.now() - known.at) / 1000);
      client.end(Buffer.concat([latin1(known.head.replace('\r\n', `\r\nAge: ${age}\r\n`)), known.body]));
      return;
    }
    collectAnswer(
      forward(withoutUpgrade),
      () => {},
      (bytes, body) => {
        const answer = bytes.toString('latin1');
        const ms = isCacheable(head) ? freshFor(answer) * 1000 : 0;
        const at = Date.now();
        if (ms > 0)
          kept.set(head.target, { head: answer, body, at, until: at + ms, vary: varyOf(answer, head) });
        client.end(Buffer.concat([bytes, body]));
      },
    );
  };
}

/** RFC 9111, sections 3 and 3.5. */
function isCacheable({ method, headers }: RequestHead): boolean {
  return method === 'GET' && headers.authorization === undefined;
}

/** RFC 9111, section 4.1. */
function isFor({ until, vary }: Kept, { headers }: RequestHead): boolean {
  return until > Date.now() && vary.every(([name, value]) => headers[name] === value);
}

function varyOf(answer: string, { headers }: RequestHead): Kept['vary'] {
  const names = headerOf(answer, 'vary').toLowerCase().split(/, */).filter(Boolean);
  return names.map((name) => [name, headers[name]]);
}

/** In seconds. */
function freshFor(answer: string): number {
  if (!answer.startsWith('HTTP/1.1 200')) return 0;
  return Number(/s-maxage=(\d+)/i.exec(headerOf(answer, 'cache-control'))?.[1] ?? 0);
}

function headerOf(answer: string, name: string): string {
  return new RegExp(`^${name}: *(.*?)\r?$`, 'im').exec(answer)?.[1] ?? '';
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
