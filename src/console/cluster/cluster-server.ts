import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import { hostname } from 'node:os';
import type { FanwireHub } from '../../fanwire-hub.ts';
import type { HubOptions, RequestHandler } from '../../hub/options.ts';
import { Cluster, NODE_NAMES, type NodeName } from '../../lab/cluster/cluster.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { attachHandler } from '../../server/attachment.ts';
import { periodically } from '../readings.ts';
import type { Watched } from '../watched.ts';
import { ClusterDoor, type Whereabouts } from './cluster-door.ts';
import { CLUSTER_CHANNEL, type ClusterReport } from './cluster-report.ts';

/** On this channel the processes of a hub tell each other of the cluster. No client may read it. */
const INSIDE = 'console:clusters';
const PERIOD_MS = 1000;
/** A cluster of which nothing was heard for so long is gone. */
const LEASE_MS = 5000;
/** A cluster goes on for so long after its last reader has left, beside the lease that readers have. */
const LINGER_MS = 5000;
/** So many passages a second are told to watchers, who hear of no more. */
const MAX_PASSAGES = 50;

const COMMANDS = ['kill', 'start'] as const;

type Inside =
  | ({ readonly kind: 'alive'; readonly machine: string } & Whereabouts)
  | { readonly kind: 'ended'; readonly id: string }
  | { readonly kind: (typeof COMMANDS)[number]; readonly id: string; readonly node: NodeName };

/** The server's side of the lesson Scale: two nodes and a log, started when somebody asks for them, and one such cluster for all visitors. */
export interface ClusterServer {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Returns a function that stops it, and the cluster. */
  start(hub: FanwireHub, server: Server | Http2SecureServer): () => void;
}

export function openCluster(watched: Watched): ClusterServer {
  let started: Clusters | undefined;
  const handler =
    (answer: (clusters: Clusters, data: Readonly<Record<string, unknown>>) => unknown): RequestHandler =>
    (data, { access }) => {
      if (!access.mayRead(CLUSTER_CHANNEL))
        throw new FanwireError('forbidden', 'the cluster is for whoever may read console:*');
      if (!started)
        throw new FanwireError('draining', 'this process has only begun: ask again', { retryAfter: 1 });
      return answer(started, Object(data));
    };
  const command = (kind: (typeof COMMANDS)[number]) =>
    handler((clusters, { node }) => clusters.command(kind, nodeOf(node)));
  watched.add(CLUSTER_CHANNEL);
  return {
    options: {
      channels: {
        [INSIDE]: { read: 'nobody', publish: 'nobody', presence: false, ephemeral: true },
        [CLUSTER_CHANNEL]: {
          read: 'granted',
          publish: 'nobody',
          presence: false,
          retain: { count: 100, ageMs: 10_000 },
        },
      },
      requests: {
        'console:cluster': handler((clusters) => clusters.open()),
        'console:cluster:kill': command('kill'),
        'console:cluster:start': command('start'),
      },
    },
    start(hub, server) {
      const clusters = new Clusters(hub, watched);
      started = clusters;
      const detach = attachHandler(server, new ClusterDoor((id) => clusters.find(id)));
      return () => {
        started = undefined;
        detach();
        clusters.stop();
      };
    },
  };
}

/** What one process of the hub knows of the cluster, and the cluster itself if it started it. */
class Clusters {
  readonly #hub: FanwireHub;
  readonly #stops: readonly (() => void)[];
  #known: { readonly alive: Extract<Inside, { kind: 'alive' }>; readonly until: number } | undefined;
  #own: Promise<OwnCluster> | undefined;
  readonly #watched: Watched;

  constructor(hub: FanwireHub, watched: Watched) {
    this.#hub = hub;
    this.#watched = watched;
    const subscription = hub.subscribe<Inside>(INSIDE, ({ data }) => void this.#heard(data));
    this.#stops = [() => subscription.close()];
  }

  /** Answers with the id of the cluster, which is started unless one runs; so is each of its nodes. */
  async open(): Promise<{ readonly id: string }> {
    const known = this.#alive();
    if (known && known.machine !== hostname()) {
      const where = `the nodes run on ${known.machine}, another computer of this hub`;
      throw new FanwireError('request_failed', `${where}: open the console there`);
    }
    if (known) {
      // A new visitor finds both nodes up, whatever the last visitor did to them.
      for (const node of NODE_NAMES) await this.command('start', node);
      return { id: known.id };
    }
    this.#own ??= OwnCluster.start(this.#hub, this.#watched, {
      told: (alive) => this.#tell(alive),
      ended: (id) => {
        this.#own = undefined;
        if (this.#known?.alive.id === id) this.#known = undefined;
        this.#hub.publish(INSIDE, { kind: 'ended', id } satisfies Inside).catch(() => {});
      },
    });
    const starting = this.#own;
    try {
      const { id } = await starting;
      return { id };
    } catch (error) {
      if (this.#own === starting) this.#own = undefined;
      throw new FanwireError('request_failed', `the nodes can’t be started: ${(error as Error).message}`);
    }
  }

  async command(kind: (typeof COMMANDS)[number], node: NodeName): Promise<void> {
    const known = this.#alive();
    if (!known) throw new FanwireError('not_found', 'no cluster runs: open the lesson anew');
    await this.#hub.publish(INSIDE, { kind, id: known.id, node } satisfies Inside);
  }

  find(id: string): Whereabouts | undefined {
    const known = this.#alive();
    // The ports are of loopback: those of another computer can't be reached.
    return known?.id === id && known.machine === hostname() ? known : undefined;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    void this.#own?.then((own) => own.end()).catch(() => {});
  }

  #alive() {
    return this.#known && this.#known.until > performance.now() ? this.#known.alive : undefined;
  }

  /** Heard here at once, because the page may send its next request to this process. */
  #tell(alive: Extract<Inside, { kind: 'alive' }>): void {
    this.#known = { alive, until: performance.now() + LEASE_MS };
    this.#hub.publish(INSIDE, alive).catch(() => {});
  }

  async #heard(inside: Inside): Promise<void> {
    const own = await this.#own?.catch(() => undefined);
    switch (inside.kind) {
      case 'alive':
        // Two processes may have begun at the same time: one of them gives way.
        if (own && inside.id < own.id) own.end();
        if (!own || inside.id <= own.id) this.#known = { alive: inside, until: performance.now() + LEASE_MS };
        return;
      case 'ended':
        if (this.#known?.alive.id === inside.id) this.#known = undefined;
        return;
      case 'kill':
        return own?.id === inside.id ? own.cluster.killNode(inside.node) : undefined;
      case 'start':
        // Why it did not start is shown by its state.
        return own?.id === inside.id ? own.cluster.startNode(inside.node).catch(() => {}) : undefined;
    }
  }
}

interface OwnListener {
  told(alive: Extract<Inside, { kind: 'alive' }>): void;
  ended(id: string): void;
}

/** The cluster of this process. It tells all other processes of itself each second, and ends once nobody looks. */
class OwnCluster {
  readonly id: string;
  readonly cluster: Cluster;
  readonly #end: () => void;

  private constructor(id: string, cluster: Cluster, end: () => void) {
    this.id = id;
    this.cluster = cluster;
    this.#end = end;
  }

  static async start(hub: FanwireHub, watched: Watched, listener: OwnListener): Promise<OwnCluster> {
    const id = randomBytes(16).toString('base64url');
    let cluster: Cluster | undefined;
    let passages = 0;
    const publish = (report: ClusterReport) => void hub.publish(CLUSTER_CHANNEL, report).catch(() => {});
    const tell = () => {
      if (!cluster) return;
      const states = NODE_NAMES.map((name) => [name, cluster!.stateOf(name)] as const);
      const ports = states.flatMap(([name, state]) => (state.state === 'up' ? [[name, state.port]] : []));
      listener.told({ kind: 'alive', machine: hostname(), id, ports: Object.fromEntries(ports) });
      publish({
        kind: 'nodes',
        id,
        nodes: Object.fromEntries(states) as Record<NodeName, (typeof states)[number][1]>,
        pid: process.pid,
      });
    };
    cluster = await Cluster.start({
      changed: tell,
      passed(passage) {
        passages += 1;
        if (passages <= MAX_PASSAGES) publish({ kind: 'passed', id, passage });
      },
    });
    const own = new OwnCluster(id, cluster, () => {
      if (!cluster) return;
      endReports();
      void cluster.close();
      // A cluster that is being ended tells nothing of itself.
      cluster = undefined;
      listener.ended(id);
    });
    let watchedAt = performance.now();
    const endReports = periodically(PERIOD_MS, () => {
      passages = 0;
      if (watched.has(CLUSTER_CHANNEL)) watchedAt = performance.now();
      if (performance.now() - watchedAt > LINGER_MS) own.end();
      else tell();
    });
    tell();
    return own;
  }

  end(): void {
    this.#end();
  }
}

/** @throws FanwireError `invalid_parameter` */
function nodeOf(node: unknown): NodeName {
  const found = NODE_NAMES.find((name) => name === node);
  if (found) return found;
  throw new FanwireError('invalid_parameter', `node: expected one of ${NODE_NAMES.join(', ')}`);
}
