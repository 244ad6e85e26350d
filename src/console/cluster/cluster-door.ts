import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { NODE_NAMES, type NodeName } from '../../lab/cluster/cluster.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Attached } from '../../server/attachment.ts';
import { refuseUpgrade, sendProblem } from '../../server/problem.ts';
import { pathOf } from '../../server/request-url.ts';
import { SERVED_BY, type Target } from './cluster-report.ts';

const PATH = /^\/console\/cluster\/([\w-]+)\/(any|a|b)(\/.*)$/;

/** Requests and sockets that are passed on at once, of all visitors together. */
const MAX_PASSED = 300;

/** They belong to a connection, not to what is passed on (RFC 9110 section 7.6.1). */
const OF_A_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
];
/** The nodes check no tokens. The path is the secret: a client that knows it may come, and pages of other origins do not know it. */
const KEPT_BACK = ['authorization', 'cookie', 'origin', 'host'];

/** Where the nodes of a cluster are, if it can be reached from this computer. */
export interface Whereabouts {
  readonly id: string;
  /** Of those that are up. */
  readonly ports: Readonly<Partial<Record<NodeName, number>>>;
}

/**
 * Passes on what comes for the nodes of a cluster, as a load balancer does: for `any` the nodes that are up take turns, request by request.
 * Nobody is held to the node that had the last one.
 */
export class ClusterDoor implements Attached {
  readonly #find: (id: string) => Whereabouts | undefined;
  #turn = 0;
  #passed = 0;

  constructor(find: (id: string) => Whereabouts | undefined) {
    this.#find = find;
  }

  owns(path: string): boolean {
    return PATH.test(path);
  }

  request(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.owns(pathOf(request))) return false;
    try {
      this.#pass(request, response);
    } catch (error) {
      sendProblem(response, error as FanwireError);
    }
    return true;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!this.owns(pathOf(request))) return false;
    try {
      this.#passSocket(request, socket, head);
    } catch (error) {
      refuseUpgrade(socket, error as FanwireError);
    }
    return true;
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { name, open } = this.#onward(incoming);
    const onward = open({});
    const done = this.#count();
    response.once('close', () => {
      done();
      onward.destroy();
    });
    onward.once('response', (answer) => {
      // A header of the connection is refused by HTTP/2.
      response.writeHead(answer.statusCode!, { ...without(answer.headers), [SERVED_BY]: name });
      // Streams begin with their head, long before there is a first message.
      response.flushHeaders();
      answer.pipe(response);
      // A node that is killed leaves half an answer, and so does this.
      answer.once('error', () => response.destroy());
      answer.once('aborted', () => response.destroy());
    });
    onward.on('error', () => sendProblem(response, gone(name)));
    incoming.pipe(onward);
  }

  #passSocket(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { name, open } = this.#onward(incoming);
    const done = this.#count();
    const onward = open({ connection: 'Upgrade', upgrade: incoming.headers.upgrade });
    socket.once('close', () => {
      done();
      onward.destroy();
    });
    socket.on('error', () => {});
    const say = (answer: IncomingMessage, body: string) => {
      const lines = Object.entries(answer.headers).map(([key, value]) => `${key}: ${value}`);
      const status = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`;
      return [status, ...lines, `${SERVED_BY}: ${name}`, '', body].join('\r\n');
    };
    onward.once('upgrade', (answer, other, first) => {
      socket.write(say(answer, ''));
      if (first.length > 0) socket.write(first);
      if (head.length > 0) other.write(head);
      socket.pipe(other).pipe(socket);
      other.once('error', () => socket.destroy());
      other.once('close', () => socket.destroy());
      socket.once('close', () => other.destroy());
    });
    onward.once('response', (answer) => {
      answer.resume();
      socket.end(say(answer, ''));
    });
    onward.on('error', () => refuseUpgrade(socket, gone(name)));
    onward.end();
  }

  /** @throws FanwireError where there is no such cluster, or no node of it is up */
  #onward({ url = '', method = 'GET', headers, socket }: IncomingMessage) {
    const [, id, target, path] = PATH.exec(pathOf({ url }))!;
    const cluster = this.#find(id!);
    if (!cluster)
      throw new FanwireError('not_found', 'no cluster of this name runs here: open the lesson anew');
    const name = this.#nodeFor(target as Target, cluster);
    if (this.#passed >= MAX_PASSED)
      throw new FanwireError('too_many_connections', `the nodes take ${MAX_PASSED} at once`, {
        retryAfter: 1,
      });
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    const from = { 'x-forwarded-for': socket.remoteAddress ?? '' };
    return {
      name,
      open: (more: IncomingHttpHeaders) =>
        request({
          host: '127.0.0.1',
          port: cluster.ports[name],
          method,
          path: path + query,
          headers: { ...without(headers, KEPT_BACK), ...from, ...more },
          // A connection of its own for each, so that none is left of a node that was killed.
          agent: false,
        }),
    };
  }

  #nodeFor(target: Target, { ports }: Whereabouts): NodeName {
    const up = NODE_NAMES.filter((name) => ports[name] !== undefined);
    if (target !== 'any' && up.includes(target)) return target;
    // Only requests for any node take a turn.
    if (target === 'any' && up.length > 0) return up[this.#turn++ % up.length]!;
    const whom = target === 'any' ? 'no node is' : `node ${target.toUpperCase()} is not`;
    throw new FanwireError('hub_busy', `${whom} up`, { retryAfter: 1 });
  }

  /** Returns a function for its end. */
  #count(): () => void {
    this.#passed += 1;
    return () => {
      this.#passed -= 1;
    };
  }
}

function without(headers: IncomingHttpHeaders, others: readonly string[] = []): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !OF_A_CONNECTION.includes(name) && !others.includes(name) && !name.startsWith(':'),
    ),
  );
}

function gone(name: NodeName): FanwireError {
  return new FanwireError('hub_busy', `node ${name.toUpperCase()} is gone`, { retryAfter: 1 });
}
