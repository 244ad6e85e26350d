import type { TestContext } from 'node:test';
import type { Middlebox as Wire } from '../../src/lab/middlebox/middlebox.ts';
import { isUpgrade } from '../../src/lab/middlebox/request-head.ts';
import { bufferBody, dropUpgrade, pass, reset, type Treatment } from '../../src/lab/middlebox/treatments.ts';
import {
  answer,
  cutAfterBytes,
  late,
  muteUpgrade,
  resetAfterBytes,
  swallow,
  withholdBody,
} from '../../test/support/proxy/faults.ts';
import { startProxy } from '../../test/support/proxy/proxy.ts';
import type { Random } from './random.ts';

/** Beyond this a cut would seldom come before the client ends the connection itself. */
const BYTES = 6000;

type Draw = (random: Random) => Treatment;

/** What may become of a request in a storm, and how often beside the others. */
const STORM: readonly (readonly [number, Draw])[] = [
  [8, () => pass],
  [4, (random) => cutAfterBytes(random.between(0, BYTES))],
  [3, (random) => resetAfterBytes(random.between(1, BYTES))],
  [3, (random) => late(random.between(20, 400))],
  [1, () => reset],
  [1, () => swallow],
  [1, () => withholdBody],
  [1, () => bufferBody],
  [1, (random) => answer(random.pick([502, 503, 504]))],
];

/** The same for an upgrade, which a gateway may not know. */
const STORM_OF_UPGRADES: readonly (readonly [number, Draw])[] = [
  ...STORM.filter(([, draw]) => draw.length > 0),
  [5, () => pass],
  [2, () => muteUpgrade],
  [2, () => dropUpgrade],
];

export type Sky = 'clear' | 'storm' | 'no upgrades';

/** Between all clients and all nodes: each client has a proxy of its own, which takes any node for each request. */
export class Weather {
  sky: Sky = 'clear';
  readonly #proxies: Wire[] = [];
  readonly #ports: readonly number[];

  constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  /** @returns the address for a client */
  async wireFor(t: TestContext, random: Random): Promise<string> {
    const proxy = await startProxy(t, this.#ports[0]!);
    proxy.use((exchange) => {
      proxy.target = random.pick(this.#ports);
      this.#draw(isUpgrade(exchange.head), random)(exchange);
    });
    this.#proxies.push(proxy);
    return proxy.url;
  }

  resetAll(): void {
    for (const proxy of this.#proxies) proxy.resetAll();
  }

  muteAll(): void {
    for (const proxy of this.#proxies) proxy.muteAll();
  }

  #draw(upgrade: boolean, random: Random): Treatment {
    if (this.sky === 'clear') return pass;
    if (this.sky === 'no upgrades') return upgrade ? dropUpgrade : pass;
    const odds = upgrade ? STORM_OF_UPGRADES : STORM;
    let at = random.next() * odds.reduce((sum, [weight]) => sum + weight, 0);
    return odds.find(([weight]) => (at -= weight) < 0)![1](random);
  }
}
