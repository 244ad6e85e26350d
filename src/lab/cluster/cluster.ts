import type { ChildProcess } from 'node:child_process';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { formatPosition } from '../../protocol/position.ts';
import { startChild } from '../child.ts';
import { shareLog } from '../shared-log.ts';
import { MAX_KEYS, MAX_LOG_BYTES, MAX_START_MS, RETENTION } from './bounds.ts';
import { keepLog, type LogKeeper } from './log-keeper.ts';
import type { FromNode, ToNode } from './log-message.ts';
import { type Passage, Passages } from './passages.ts';

export const NODE_NAMES = ['a', 'b'] as const;

export type NodeName = (typeof NODE_NAMES)[number];

export type NodeState =
  | { readonly state: 'starting' | 'down' }
  /** @property readers clients whose connections it holds open now */
  | {
      readonly state: 'up';
      readonly pid: number;
      readonly port: number;
      readonly node: string;
      readonly readers: number;
    };

export interface ClusterListener {
  /** A node has started, ended, or has other readers. */
  changed(): void;
  /** A message has gone through the log, and through all nodes that were up. */
  passed(passage: Passage<NodeName>): void;
}

/** Two nodes, each a process of its own on a port of loopback, and a log in this one. */
export class Cluster {
  readonly #listener: ClusterListener;
  readonly #log = memoryLog({ maxBytes: MAX_LOG_BYTES, maxKeys: MAX_KEYS });
  readonly #view = shareLog(this.#log);
  /** Kept open, so that the log stays while no node is up. */
  readonly #own: Log = this.#view();
  readonly #nodes = new Map<NodeName, RunningNode>();
  readonly #passages: Passages<NodeName>;

  private constructor(listener: ClusterListener) {
    this.#listener = listener;
    this.#passages = new Passages((passage) => listener.passed(passage));
  }

  /** Resolves once all nodes listen. @throws what kept one from starting */
  static async start(listener: ClusterListener): Promise<Cluster> {
    const cluster = new Cluster(listener);
    await cluster.#own.open({ appended() {}, interrupted() {} }, () => RETENTION);
    try {
      await Promise.all(NODE_NAMES.map((name) => cluster.startNode(name)));
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  stateOf(name: NodeName): NodeState {
    return this.#nodes.get(name)?.state ?? { state: 'down' };
  }

  /** Starts a node that is down. */
  async startNode(name: NodeName): Promise<void> {
    if (this.#nodes.has(name)) return;
    const node = new RunningNode(this.#view(), {
      changed: () => this.#listener.changed(),
      ended: () => {
        this.#nodes.delete(name);
        this.#passages.gone(name);
        this.#listener.changed();
      },
      appended: (position, askedAt) => {
        const up = NODE_NAMES.filter((each) => this.stateOf(each).state === 'up');
        this.#passages.appended(position.sequence, {
          id: formatPosition(position),
          by: name,
          askedAt,
          awaited: up,
        });
      },
      handed: ({ sequence, toldAt, handedAt }) => this.#passages.handed(sequence, name, { toldAt, handedAt }),
    });
    this.#nodes.set(name, node);
    this.#listener.changed();
    await node.listening;
  }

  /** Ends a node as a power cut does: it says no word, neither to its clients nor to the log. */
  killNode(name: NodeName): void {
    this.#nodes.get(name)?.kill();
  }

  async close(): Promise<void> {
    for (const node of this.#nodes.values()) node.kill();
    this.#passages.close();
    await this.#own.close();
  }
}

interface NodeListener {
  changed(): void;
  ended(): void;
  appended(position: { readonly epoch: string; readonly sequence: number }, askedAt: number): void;
  handed(message: Extract<FromNode, { kind: 'handed' }>): void;
}

/** A node's process, as long as it runs. */
class RunningNode {
  readonly listening: Promise<void>;
  readonly #child: ChildProcess;
  #state: NodeState = { state: 'starting' };

  constructor(view: Log, listener: NodeListener) {
    const child = startChild(new URL('./node-process.js', import.meta.url));
    this.#child = child;
    // A node that was killed hears nothing more.
    const send = (message: ToNode) => void (child.connected && child.send(message, () => {}));
    const keeping = keepLog(view, RETENTION, send, (outcome, askedAt) => {
      if (!(outcome instanceof FanwireError) && !outcome.duplicate)
        listener.appended(outcome.position, askedAt);
    });
    this.listening = new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`a node did not listen within ${MAX_START_MS / 1000} s`));
      }, MAX_START_MS).unref();
      const end = (reason: Error) => {
        clearTimeout(late);
        this.#state = { state: 'down' };
        void keeping.then((keeper) => keeper.close());
        listener.ended();
        reject(reason);
      };
      child.once('error', end);
      child.once('exit', (code, signal) => end(new Error(`a node ended with ${signal ?? code}`)));
      child.on('message', (message: FromNode) => {
        if (message.kind === 'listening') {
          clearTimeout(late);
          const { port, node } = message;
          this.#state = { state: 'up', pid: child.pid!, port, node, readers: 0 };
          listener.changed();
          resolve();
        } else void keeping.then((keeper) => this.#heard(message, keeper, listener));
      });
    });
    // The caller that started it waits for this, or has heard by `ended`.
    this.listening.catch(() => {});
  }

  get state(): NodeState {
    return this.#state;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(message: Exclude<FromNode, { kind: 'listening' }>, keeper: LogKeeper, listener: NodeListener): void {
    switch (message.kind) {
      case 'call':
        void keeper.call(message);
        break;
      case 'unfollow':
        keeper.unfollow(message.channel);
        break;
      case 'handed':
        listener.handed(message);
        break;
      case 'readers':
        if (this.#state.state === 'up') this.#state = { ...this.#state, readers: message.count };
        listener.changed();
    }
  }
}
