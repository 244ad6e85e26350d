import { type Client, connect, type TransportName } from '../../../../../client/index.ts';
import type { NodeName } from '../../../../../lab/cluster/cluster.ts';
import { clusterPath, SERVED_BY, type Target } from '../../../../cluster/cluster-report.ts';

/** The one channel of the cluster. */
const CHANNEL = 'demo';

/** A message that came, and when this page's POST of it began, by `performance.now`. */
export interface Came {
  readonly id: string;
  readonly at: number;
  readonly postedAt: number;
  readonly by: NodeName;
  /** The node that the reader was at. */
  readonly from: NodeName | undefined;
}

export interface ReaderListener {
  /** The reader is at another node, or at none. */
  stays(node: NodeName | undefined): void;
  came(came: Came): void;
  published(node: NodeName, id: string): void;
  refused(error: unknown): void;
}

/** What was counted since the reader began. */
export interface Counts {
  acknowledged: number;
  refused: number;
  came: number;
  twice: number;
  gaps: number;
  /** Requests of the reader by the node that answered. */
  readonly answered: Record<NodeName, number>;
}

/** What this page publishes: anybody's pages publish on the same channel. */
interface Data {
  readonly page: string;
  readonly nth: number;
}

/** A client that reads by way of the load balancer, and the publishes of this page that it should get. */
export class Reader {
  readonly counts: Counts = {
    acknowledged: 0,
    refused: 0,
    came: 0,
    twice: 0,
    gaps: 0,
    answered: { a: 0, b: 0 },
  };
  readonly #url: (target: Target) => string;
  readonly #listener: ReaderListener;
  readonly #client: Client;
  readonly #page = crypto.randomUUID();
  readonly #posted = new Map<number, { at: number; by: NodeName }>();
  readonly #seen = new Set<number>();
  #node: NodeName | undefined;
  #nth = 0;

  /** @param nameOf tells a node's name from what it calls itself */
  constructor(
    id: string,
    transport: TransportName,
    nameOf: (hubNode: string) => NodeName | undefined,
    listener: ReaderListener,
  ) {
    this.#url = (target) => new URL(clusterPath(id, target), location.href).href;
    this.#listener = listener;
    const at = (node: NodeName | undefined) => this.#at(node);
    const { answered } = this.counts;
    this.#client = connect(this.#url('any'), {
      transports: [transport],
      storage: null,
      async fetch(input, init) {
        try {
          const response = await fetch(input, init);
          const node = response.headers.get(SERVED_BY) as NodeName | null;
          if (node) answered[node] += 1;
          if (node && response.ok) at(node);
          return response;
        } catch (error) {
          if (!init?.signal?.aborted) at(undefined);
          throw error;
        }
      },
      WebSocket: class extends WebSocket {
        constructor(url: string) {
          super(url);
          this.addEventListener('message', ({ data }) => {
            const welcome =
              typeof data === 'string' && data.includes('"welcome"') && JSON.parse(data).welcome;
            if (welcome) at(nameOf(welcome.node));
          });
          this.addEventListener('close', () => at(undefined));
        }
      },
    });
    this.#client.onStatus((status) => status.state !== 'connected' && at(undefined));
    this.#client.subscribe<Data>(CHANNEL, {
      onMessage: ({ id, data }) => this.#came(id, data),
      onGap: () => {
        this.counts.gaps += 1;
      },
      onError: (error) => listener.refused(error),
    });
  }

  get status() {
    return this.#client.status;
  }

  get node(): NodeName | undefined {
    return this.#node;
  }

  /** Publishes at a node by a plain POST. Resolves once that has been answered, or refused. */
  async publish(by: NodeName): Promise<void> {
    const nth = ++this.#nth;
    const data: Data = { page: this.#page, nth };
    this.#posted.set(nth, { at: performance.now(), by });
    try {
      const response = await fetch(`${this.#url(by)}/channels/${CHANNEL}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(data),
      });
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const { id } = await response.json();
      this.counts.acknowledged += 1;
      this.#listener.published(by, id);
    } catch {
      this.counts.refused += 1;
    }
  }

  close(): void {
    this.#client.close();
  }

  #at(node: NodeName | undefined): void {
    if (node === this.#node) return;
    this.#node = node;
    this.#listener.stays(node);
  }

  #came(id: string, { page, nth }: Data): void {
    const posted = page === this.#page && this.#posted.get(nth);
    if (!posted) return;
    if (this.#seen.has(nth)) this.counts.twice += 1;
    this.#seen.add(nth);
    this.counts.came = this.#seen.size;
    this.#listener.came({
      id,
      at: performance.now(),
      postedAt: posted.at,
      by: posted.by,
      from: this.#node,
    });
  }
}
