import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { onEnd } from '../../test/support/on-end.ts';
import type { Journal } from './journal.ts';
import type { Treatment } from './live-messages.ts';
import { OPEN_FILES } from './node-process.ts';
import type { Random } from './random.ts';
import type { Weather } from './weather.ts';
import type { World } from './worlds.ts';

/** What a fault may take hold of. */
export interface Grip {
  readonly t: TestContext;
  readonly world: World;
  readonly weather: Weather;
  readonly journal: Journal;
  readonly random: Random;
}

export interface Event {
  readonly name: string;
  /** Whether it can happen in a world. */
  readonly in: (world: World) => boolean;
  /** Brings it about, and resolves once it is over. */
  readonly run: (grip: Grip) => Promise<void>;
}

/** No fault lasts longer: a process that is busy with something else is not to hold the run up. */
const MAX_MS = 8000;
/** The console looks at its process once a second, and a full one has to be looked at. */
const CROWD_MS = 1500;
/** Idempotency keys are remembered for twice as long. */
const JUMP_MS = 300_000;

const anywhere = () => true;
const belowIsAnEngine = ({ engine }: World) => engine !== undefined;

/** Lasts for so many attempts to publish. */
async function lastFor({ journal, random }: Grip): Promise<void> {
  const until = journal.attempts + random.between(30, 90);
  await journal.until(() => journal.attempts >= until, MAX_MS);
}

/** Lasts until so many attempts were refused, or not answered, and for long enough to be met by everybody. */
async function lastForRefusals({ journal, random }: Grip): Promise<void> {
  const until = journal.refusals + random.between(3, 8);
  const refused = journal.until(() => journal.refusals >= until, MAX_MS);
  await Promise.all([refused, delay(random.between(200, 2000))]);
}

function treating(name: string, treatment: Treatment): Event {
  return {
    name,
    in: ({ treatments }) => treatments.includes(treatment),
    async run(grip) {
      grip.world.treat!(treatment);
      await lastFor(grip);
      grip.world.treat!('pass');
    },
  };
}

/** Every fault that a run may meet. A new one is one more. */
export const EVENTS: readonly Event[] = [
  {
    name: 'a storm: connections are cut, reset, swallowed, delayed, buffered and refused',
    in: anywhere,
    async run(grip) {
      grip.weather.sky = 'storm';
      for (let gust = grip.random.between(2, 4); gust > 0; gust--) {
        await lastFor(grip);
        // What lives on would not notice that the weather has changed.
        grip.weather.resetAll();
      }
      grip.weather.sky = 'clear';
    },
  },
  {
    name: 'every connection of a client goes mute, new ones work',
    in: anywhere,
    async run(grip) {
      grip.weather.muteAll();
      await lastFor(grip);
    },
  },
  {
    name: 'a gateway that does not pass upgrades',
    in: anywhere,
    async run(grip) {
      grip.weather.sky = 'no upgrades';
      grip.weather.resetAll();
      await lastFor(grip);
      grip.weather.sky = 'clear';
    },
  },
  {
    name: 'a node is killed and started again',
    in: anywhere,
    async run(grip) {
      await grip.random.pick(grip.world.nodes).kill();
      await lastFor(grip);
    },
  },
  {
    name: 'a node is ended by SIGTERM and started again',
    in: ({ forgets }) => !forgets,
    async run(grip) {
      const node = grip.random.pick(grip.world.nodes);
      await node.terminate();
      await lastFor(grip);
      await node.start();
    },
  },
  {
    name: 'a node stands still',
    in: anywhere,
    async run(grip) {
      const node = grip.random.pick(grip.world.nodes);
      node.freeze();
      await lastForRefusals(grip);
      node.thaw();
    },
  },
  {
    name: 'a crowd takes every file that a node may open',
    in: anywhere,
    async run(grip) {
      const node = grip.random.pick(grip.world.nodes);
      const crowd = Array.from({ length: OPEN_FILES * 2 }, () => openStream(node.port));
      const leave = () => {
        for (const socket of crowd) socket.destroy();
      };
      onEnd(grip.t, leave);
      await Promise.all([lastFor(grip), delay(CROWD_MS)]);
      leave();
    },
  },
  {
    name: 'the clock of the clients jumps',
    in: anywhere,
    async run(grip) {
      const now = Date.now;
      const offset = grip.random.pick([-1, 1]) * grip.random.between(1, 100 * JUMP_MS);
      Date.now = () => now() + offset;
      await lastFor(grip);
      Date.now = now;
    },
  },
  {
    name: 'the clock of a node jumps, and back',
    in: anywhere,
    async run(grip) {
      const node = grip.random.pick(grip.world.nodes);
      node.setClock(grip.random.pick([-1, 1]) * grip.random.between(1, JUMP_MS));
      await lastFor(grip);
      node.setClock(0);
      await lastFor(grip);
    },
  },
  {
    name: 'the log refuses every write',
    in: ({ refuseWrites }) => refuseWrites !== undefined,
    async run(grip) {
      const permit = await grip.world.refuseWrites!(grip.random);
      try {
        await lastForRefusals(grip);
      } finally {
        await permit();
      }
    },
  },
  {
    name: 'the engine stands still',
    in: belowIsAnEngine,
    async run(grip) {
      grip.world.engine!.freeze();
      await lastForRefusals(grip);
      grip.world.engine!.thaw();
    },
  },
  {
    name: 'the engine is killed and started again',
    in: belowIsAnEngine,
    async run(grip) {
      await grip.world.engine!.kill();
      await lastForRefusals(grip);
      await grip.world.engine!.start();
    },
  },
  {
    name: 'a node is cut off from its engine',
    in: ({ cables }) => cables !== undefined,
    async run(grip) {
      const cable = grip.random.pick(grip.world.cables!);
      cable.partition();
      await lastForRefusals(grip);
      cable.heal();
    },
  },
  treating('live messages are lost between the engine and the nodes', 'lose'),
  treating('live messages come late', 'late'),
  treating('live messages change places', 'swap'),
];

/** A subscriber that reads nothing. */
function openStream(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  socket.write('GET /channels/a HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n');
  return socket;
}
