import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { onEnd } from '../on-end.ts';
import { breakOff, type Exchange, type Fault, pass } from './faults.ts';
import { joinRequest, type RequestHead, splitRequest } from './request-head.ts';

export interface RuleOptions {
  /** Which requests it is for. Default: all. */
  readonly when?: (head: RequestHead) => boolean;
  /** For how many requests it holds. Default: until it is taken back. */
  readonly times?: number;
}

/** A man in the middle, on loopback, whose faults can be switched while connections live. */
export interface Proxy {
  readonly port: number;
  readonly url: string;
  /** The port requests go to; may change at any time, for requests to come. */
  target: number;
  /** Every request seen so far. */
  readonly requests: readonly RequestHead[];
  /** Requests that are open now. */
  readonly open: number;
  /** Treats requests this way from now on; the newest rule that matches wins. Returns what takes it back. */
  use(fault: Fault, options?: RuleOptions): () => void;
  /** Forgets every rule. */
  heal(): void;
  /** Breaks every connection off with a reset. */
  resetAll(): void;
  /** What is open now stays so and carries nothing any more, in either direction, as when a NAT has forgotten it. */
  muteAll(): void;
  /** The next request that matches. */
  nextRequest(when?: (head: RequestHead) => boolean): Promise<RequestHead>;
  /** Resolves once a condition on what the proxy shows of itself holds. */
  until(condition: () => boolean): Promise<void>;
}

/** Starts a proxy to a loopback port, for as long as the test lasts. */
export async function startProxy(t: TestContext, target: number): Promise<Proxy> {
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();
  /** Those of them that have sent their request. */
  const open = new Set<Socket>();
  const requests: RequestHead[] = [];
  const observers = new Set<() => void>();
  let rules: { fault: Fault; when: (head: RequestHead) => boolean; left: number }[] = [];

  function changed(): void {
    for (const observer of [...observers]) observer();
  }

  function until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const observer = (): void => {
        const found = look();
        if (found === undefined) return;
        observers.delete(observer);
        resolve(found);
      };
      observers.add(observer);
      observer();
    });
  }

  function faultFor(head: RequestHead): Fault {
    const rule = rules.find((each) => each.left > 0 && each.when(head));
    if (!rule) return pass;
    rule.left--;
    return rule.fault;
  }

  function exchange(head: RequestHead, rest: Buffer, client: Socket): Exchange {
    return {
      head,
      client,
      forward(change = (head) => head) {
        const upstream = connect(proxy.target, '127.0.0.1');
        upstream.write(joinRequest(change(head)), 'latin1');
        upstream.write(rest);
        client.pipe(upstream);
        upstreams.add(upstream);
        upstream.on('close', () => upstreams.delete(upstream));
        // A target that is not there looks to the client as it would without a proxy: a broken connection.
        upstream.on('error', () => client.destroy());
        client.on('close', () => upstream.destroy());
        return upstream;
      },
    };
  }

  const server = createServer((client) => {
    let received: Buffer = Buffer.alloc(0);
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => {
      clients.delete(client);
      open.delete(client);
      changed();
    });
    client.on('data', function read(chunk: Buffer) {
      received = Buffer.concat([received, chunk]);
      const split = splitRequest(received);
      if (!split) return;
      client.off('data', read);
      requests.push(split.head);
      open.add(client);
      changed();
      faultFor(split.head)(exchange(split.head, split.rest, client));
      // Where the fault did not send the request on, its body still has to go somewhere.
      client.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onEnd(t, () => {
    server.close();
    for (const client of clients) client.destroy();
  });

  const proxy: Proxy = {
    port,
    url: `http://127.0.0.1:${port}`,
    target,
    requests,
    get open() {
      return open.size;
    },
    use(fault, { when = () => true, times = Number.POSITIVE_INFINITY } = {}) {
      const rule = { fault, when, left: times };
      rules.unshift(rule);
      return () => {
        rules = rules.filter((each) => each !== rule);
      };
    },
    heal() {
      rules = [];
    },
    resetAll() {
      for (const client of clients) breakOff(client);
    },
    muteAll() {
      for (const socket of [...clients, ...upstreams]) {
        socket.unpipe();
        for (const event of ['data', 'end', 'error']) socket.removeAllListeners(event);
        socket.on('error', () => {});
        socket.resume();
      }
    },
    nextRequest(when = () => true) {
      const from = requests.length;
      return until(() => requests.slice(from).find(when));
    },
    async until(condition) {
      await until(() => condition() || undefined);
    },
  };
  return proxy;
}
