import { MARK_PARAMETER } from '../../../inspector/wire-record.ts';
import { hubUrl } from '../../shell/connection.ts';

/** Of requests over HTTP/2, which the hub can't cut one by one, so many of the newest are ended by the page. */
const MAX_ENDED = 20;

/** A `fetch` and a `WebSocket` whose network can be cut for a while. All they send carries a mark, by which the hub knows it. */
export class CuttableNetwork {
  requests = 0;
  readonly #mark: string | undefined;
  readonly #open: (() => void)[] = [];
  #cut: { readonly from: number; readonly to: number } | undefined;

  constructor(mark: string | undefined) {
    this.#mark = mark;
  }

  /** How much longer nothing gets through, in milliseconds. */
  get cutForMs(): number {
    return Math.max(0, (this.#cut?.to ?? 0) - Date.now());
  }

  /** Whether something happened while the network was cut, at a time in Unix milliseconds. */
  wasCutAt(time: number): boolean {
    return this.#cut !== undefined && time >= this.#cut.from && time < this.#cut.to;
  }

  /** Ends what is open, and refuses all else for so long. A browser then says that it is online again, as it does after a tunnel. */
  cut(ms: number): void {
    const from = Date.now();
    this.#cut = { from, to: from + ms };
    for (const end of this.#open.splice(0)) end();
    setTimeout(() => dispatchEvent(new Event('online')), ms);
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    this.requests += 1;
    if (this.cutForMs > 0) throw new TypeError('the network is cut');
    const ended = new AbortController();
    this.#opened(() => ended.abort(new TypeError('the network is cut')));
    // Not AbortSignal.any: WebKit forgets its signal while the answer is read, which then goes on for ever.
    const { signal: given } = init;
    given?.addEventListener('abort', () => ended.abort(given.reason));
    if (given?.aborted) ended.abort(given.reason);
    return fetch(this.#marked(String(input)), { ...init, signal: ended.signal });
  };

  /** A class, as the SDK's option takes one. */
  socketClass(): new (url: string) => WebSocket {
    const network = this;
    return class extends WebSocket {
      constructor(url: string) {
        // No hub answers there with 101: the handshake is made, and refused.
        super(network.cutForMs > 0 ? `${hubUrl().replace(/^http/, 'ws')}/refused` : network.#marked(url));
        network.requests += 1;
        network.#opened(() => this.close());
      }
    };
  }

  #opened(end: () => void): void {
    this.#open.push(end);
    if (this.#open.length > MAX_ENDED) this.#open.shift();
  }

  #marked(address: string): URL {
    const url = new URL(address, location.href);
    if (this.#mark !== undefined) url.searchParams.set(MARK_PARAMETER, this.#mark);
    return url;
  }
}
