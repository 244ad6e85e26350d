import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { KeyPair } from '../../server/tls/key-pair.ts';
import { type Datagrams, startDatagrams } from './datagrams.ts';
import { joinRequest, type RequestHead, splitRequest } from './request-head.ts';
import { breakOff, type Exchange, pass, type Treatment } from './treatments.ts';

export interface RuleOptions {
  /** Which requests it is for. Default: all. */
  readonly when?: (head: RequestHead) => boolean;
  /** For how many requests it holds. Default: until it is taken back. */
  readonly times?: number;
}

/** What stands between clients and a hub, on loopback. How it treats them can be changed while connections live. */
export interface Middlebox {
  readonly port: number;
  readonly url: string;
  /** The port requests go to; may change at any time, for requests to come. */
  target: number;
  /** The address that the target sees, for requests to come. Default: any. */
  from: string | undefined;
  /** Every request seen so far. */
  readonly requests: readonly RequestHead[];
  /** Requests that are open now. */
  readonly open: number;
  /** What it does with UDP at the port of the same number, if it takes any. */
  readonly datagrams: Datagrams | undefined;
  /** Treats requests this way from now on; the newest rule that matches wins. Returns what takes it back. */
  use(treatment: Treatment, options?: RuleOptions): () => void;
  /** Forgets every rule. */
  heal(): void;
  /** Breaks every connection off with a reset. Of UDP there is none: its flows are forgotten. */
  resetAll(): void;
  /** The same for the clients alone: the target hears nothing, and goes on writing to nobody. */
  desertAll(): void;
  /** What is open now stays so and carries nothing any more, in either direction, as when a NAT has forgotten it. */
  muteAll(): void;
  /** Nothing passes, and nothing is lost: what is sent waits, as in a tunnel. Returns what ends it. */
  holdAll(): () => void;
  /** The next request that matches. */
  nextRequest(when?: (head: RequestHead) => boolean): Promise<RequestHead>;
  /** Resolves once a condition on what the middlebox shows of itself holds. */
  until(condition: () => boolean): Promise<void>;
  /** Ends it, and every connection. */
  close(): void;
}

/** A middlebox that decrypts what it is sent, and encrypts it again. */
export interface Inspection {
  /** What it shows to clients. */
  readonly shows: KeyPair;
  /** The target's certificate, in PEM. */
  readonly trusts: string;
}

export interface MiddleboxOptions {
  /** That of its URL. What is sent over TLS is bytes to it, unless it inspects. Default: http. */
  readonly scheme?: 'http' | 'https';
  readonly inspects?: Inspection | undefined;
  /** The target's port of UDP. Default: it takes none. */
  readonly udp?: number | undefined;
}

/** So often a port that is free over TCP may be taken over UDP. */
const MOST_PORTS = 10;

/** Starts a middlebox before a port of loopback. */
export async function startMiddlebox(
  target: number,
  { scheme = 'http', inspects, udp }: MiddleboxOptions = {},
): Promise<Middlebox> {
  const clients = new Set<Socket>();
  /** Each with what ends it when its client has gone. */
  const upstreams = new Map<Socket, { readonly client: Socket; readonly hangUp: () => void }>();
  /** Those of the clients that have sent their request. */
  const open = new Set<Socket>();
  const requests: RequestHead[] = [];
  const observers = new Set<() => void>();
  let isHeld = false;
  let rules: { treatment: Treatment; when: (head: RequestHead) => boolean; left: number }[] = [];

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

  function treatmentOf(head: RequestHead): Treatment {
    const rule = rules.find((each) => each.left > 0 && each.when(head));
    if (!rule) return pass;
    rule.left--;
    return rule.treatment;
  }

  function exchange(head: RequestHead, rest: Buffer, client: Socket): Exchange {
    return {
      head,
      client,
      forward(change = (head) => head, { port = box.target } = {}) {
        const { from } = box;
        const address = { port, host: '127.0.0.1', ...(from && { localAddress: from }) };
        const upstream = inspects ? connectTls({ ...address, ca: inspects.trusts }) : connect(address);
        upstream.write(joinRequest(change(head)), 'latin1');
        upstream.write(rest);
        client.pipe(upstream);
        const hangUp = () => upstream.destroy();
        if (isHeld) upstream.pause();
        upstreams.set(upstream, { client, hangUp });
        upstream.on('close', () => upstreams.delete(upstream));
        // A target that is not there looks to the client as it would without a middlebox: a broken connection.
        upstream.on('error', () => client.destroy());
        client.on('close', hangUp);
        return upstream;
      },
    };
  }

  /** Whatever comes from now on is dropped. */
  function mute(socket: Socket): void {
    socket.unpipe();
    for (const event of ['data', 'end', 'error']) socket.removeAllListeners(event);
    socket.on('error', () => {});
    socket.resume();
  }

  const server = createServer((socket) => {
    const client = inspects ? new TLSSocket(socket, { isServer: true, ...inspects.shows }) : socket;
    let received: Buffer = Buffer.alloc(0);
    clients.add(client);
    if (isHeld) client.pause();
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
      treatmentOf(split.head)(exchange(split.head, split.rest, client));
      // Where the request was not sent on, its body still has to go somewhere.
      client.resume();
    });
  });
  /** As in life the port of UDP has the same number. */
  async function listen(portsLeft: number): Promise<{ port: number; datagrams: Datagrams | undefined }> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      return {
        port,
        datagrams: udp === undefined ? undefined : await startDatagrams(port, udp, () => box.from),
      };
    } catch (error) {
      server.close();
      if (portsLeft === 0) throw error;
      await once(server, 'close');
      return listen(portsLeft - 1);
    }
  }
  const { port, datagrams } = await listen(MOST_PORTS);

  const box: Middlebox = {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    target,
    from: undefined,
    requests,
    datagrams,
    get open() {
      return open.size;
    },
    use(treatment, { when = () => true, times = Number.POSITIVE_INFINITY } = {}) {
      const rule = { treatment, when, left: times };
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
      datagrams?.forgetAll();
    },
    desertAll() {
      for (const [upstream, { client, hangUp }] of upstreams) {
        client.off('close', hangUp);
        client.unpipe(upstream);
        mute(upstream);
      }
      box.resetAll();
    },
    muteAll() {
      for (const socket of [...clients, ...upstreams.keys()]) mute(socket);
    },
    holdAll() {
      isHeld = true;
      for (const socket of [...clients, ...upstreams.keys()]) socket.pause();
      const release = datagrams?.holdAll();
      return () => {
        isHeld = false;
        release?.();
        for (const socket of [...clients, ...upstreams.keys()]) socket.resume();
      };
    },
    nextRequest(when = () => true) {
      const from = requests.length;
      return until(() => requests.slice(from).find(when));
    },
    async until(condition) {
      await until(() => condition() || undefined);
    },
    close() {
      server.close();
      datagrams?.close();
      for (const socket of [...clients, ...upstreams.keys()]) socket.destroy();
    },
  };
  return box;
}
