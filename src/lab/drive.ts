import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from './act.ts';
import type { Technique } from './clients/client.ts';
import { techniquesOver } from './clients/clients.ts';
import { SDK } from './clients/sdk.ts';
import { Ledger } from './ledger.ts';
import { loadBalancer } from './networks/load-balancer.ts';
import type { Network, Way } from './networks/network.ts';
import { networkChange } from './networks/network-change.ts';
import { atPace, LIFE } from './pace.ts';
import { transportOf } from './readings.ts';
import { Reception } from './reception.ts';
import { type Scene, type Setting, setUp } from './scene.ts';
import type { Tls } from './tls.ts';

/** Between two messages, on average, in milliseconds. */
const EVERY_MS = 700;

/** Times are in milliseconds since the drive began. */
export interface Happening {
  readonly act: Act;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
}

export interface Lane {
  readonly technique: string;
  /** Since the last news: the number of a message, and when it came. */
  readonly arrived: readonly (readonly [number: number, at: number])[];
  readonly said: readonly (readonly [at: number, text: string])[];
  readonly received: number;
  /** Of those that were published up to now: some may yet come. */
  readonly missing: number;
  readonly doubled: number;
  readonly gaps: number;
  /** Lost silently. */
  readonly passedOver: number;
  /** Of the SDK: what carries it now. */
  readonly carrier: string | undefined;
}

export interface DriveNews {
  readonly network: string;
  readonly tls: Tls;
  /** Now. */
  readonly at: number;
  /** Since the last news. */
  readonly published: readonly (readonly [number: number, at: number])[];
  readonly happenings: readonly Happening[];
  readonly lanes: readonly Lane[];
  /** Whether each node is up. */
  readonly nodes: readonly boolean[];
}

interface Entry {
  readonly technique: Technique;
  readonly way: Way;
  readonly reception: Reception;
  toldArrivals: number;
  toldWords: number;
}

/** A network with a client of each technique, to which messages are published until it is closed, for somebody to try things. */
export class Drive {
  readonly #network: Network;
  readonly #setting: Setting;
  readonly #scene: Scene;
  readonly #entries: readonly Entry[];
  readonly #ledger: Ledger;
  readonly #began = performance.now();
  readonly #ending = new AbortController();
  readonly #happenings: Happening[] = [];
  #toldMessages = 0;

  private constructor(network: Network, setting: Setting, scene: Scene, techniques: readonly Technique[]) {
    this.#network = network;
    this.#setting = setting;
    this.#scene = scene;
    this.#ledger = new Ledger(scene.nodes.at(-1)!.hub, 'lab');
    this.#entries = techniques.map((technique, index) => ({
      technique,
      way: scene.ways[index]!,
      reception: new Reception(this.#ledger),
      toldArrivals: 0,
      toldWords: 0,
    }));
  }

  static async open(network: Network, setting: Setting): Promise<Drive> {
    const techniques = techniquesOver(setting.tls);
    const scene = await setUp(network, setting, techniques.length);
    const drive = new Drive(network, setting, scene, techniques);
    drive.#begin();
    return drive;
  }

  #begin(): void {
    const { signal } = this.#ending;
    const { pace } = this.#setting;
    const { certificateHash } = this.#scene;
    for (const { technique, way, reception } of this.#entries) {
      const { url } = way.box;
      const { channel } = this.#ledger;
      technique.read({ url, channel, pace, reception, certificateHash, signal });
    }
    void this.#publish();
  }

  async #publish(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      if (!this.#isOn('silence')) await this.#ledger.publish();
      await wait(EVERY_MS * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
  }

  #isOn(kind: Act['kind']): boolean {
    return this.#happenings.some(({ act, to }) => act.kind === kind && to === undefined);
  }

  /** Makes it happen; resolves once it is over. What goes on already is not begun again, and what there is no reason for is left out. */
  async act(act: Act): Promise<void> {
    const isPossible = {
      change: !this.#isOn('change') && !this.#isOn('tunnel'),
      tunnel: !this.#isOn('tunnel') && !this.#isOn('change'),
      // A client in a tunnel hears of nothing.
      cut: !this.#isOn('tunnel'),
      silence: !this.#isOn('silence'),
      unplug: this.#scene.nodes.length > 1 && this.#scene.nodes[0]!.isUp,
      plug: !this.#scene.nodes[0]!.isUp,
    }[act.kind];
    if (!isPossible) return;
    const happening: Happening = { act, from: this.#now(), to: undefined };
    this.#happenings.push(happening);
    await this.#perform(act);
    this.#happenings.splice(this.#happenings.indexOf(happening), 1, { ...happening, to: this.#now() });
  }

  async #perform(act: Act): Promise<void> {
    const { signal } = this.#ending;
    const { ways } = this.#scene;
    switch (act.kind) {
      case 'change':
        return networkChange.change!(ways, this.#scene.nodes);
      case 'tunnel': {
        const release = ways.map(({ box }) => box.holdAll());
        await wait(act.seconds * 1000, undefined, { signal }).catch(() => {});
        for (const each of release) each();
        return;
      }
      case 'cut':
        for (const { box } of ways) box.resetAll();
        return;
      case 'silence':
        await wait(atPace(LIFE.silence, this.#setting.pace), undefined, { signal }).catch(() => {});
        return;
      case 'unplug':
        return loadBalancer.change!([], this.#scene.nodes);
      case 'plug':
        return this.#scene.nodes[0]!.start();
    }
  }

  /** What has happened since it was asked last. */
  news(): DriveNews {
    const published: [number, number][] = [];
    while (this.#toldMessages < this.#ledger.count) {
      const number = ++this.#toldMessages;
      published.push([number, this.#since(this.#ledger.publishedAt(number))]);
    }
    return {
      network: this.#network.name,
      tls: this.#setting.tls,
      at: this.#now(),
      published,
      happenings: [...this.#happenings],
      lanes: this.#entries.map((entry) => this.#laneOf(entry)),
      nodes: this.#scene.nodes.map(({ isUp }) => isUp),
    };
  }

  #laneOf(entry: Entry): Lane {
    const { reception } = entry;
    const technique = entry.technique.name;
    const arrived = [...reception.arrivedAt].slice(entry.toldArrivals);
    const words = reception.words.slice(entry.toldWords);
    entry.toldArrivals += arrived.length;
    entry.toldWords += words.length;
    const { missed, doubled, gaps, passedOver, said } = reception;
    return {
      technique,
      arrived: arrived.map(([number, at]) => [number, this.#since(at)]),
      said: words.map(({ at, text }) => [this.#since(at), text]),
      received: reception.arrivedAt.size,
      missing: missed,
      doubled,
      gaps,
      passedOver,
      carrier: technique === SDK ? transportOf({ said }) : undefined,
    };
  }

  #now(): number {
    return this.#since(performance.now());
  }

  #since(at: number): number {
    return Math.round(at - this.#began);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#scene.close();
  }
}
