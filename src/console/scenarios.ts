import { readdirSync } from 'node:fs';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { ChannelRule } from '../hub/authorisation/channel-rule.ts';

/** Who has a scenario open is present here, and shows which: a subscriber that polls is subscribed only while it asks. */
const WATCHED_CHANNEL = 'console:demo:watched';
/** How soon a scenario begins for its first visitor. */
const LOOK_MS = 500;
/** How long it goes on after its last: a page that is reloaded, or changes the transport, finds it as it was. */
const LINGER_MS = 10_000;

/** What the server's part of a scenario exports: `examples/scenarios/NAME/server.js`. */
interface ServerPart {
  readonly channels?: Readonly<Record<string, ChannelRule>>;
  /** Runs as long as the hub: what waits to be asked. @returns what stops it */
  start?(hub: FanwireHub): () => void;
  /** Runs while somebody has the scenario open: what publishes by itself. @returns what stops it */
  whileWatched?(hub: FanwireHub): () => void;
}

interface Scenario extends ServerPart {
  readonly name: string;
}

export interface Scenarios {
  readonly channels: Readonly<Record<string, ChannelRule>>;
  /** Runs the servers' parts; returns what ends them all. */
  start(hub: FanwireHub): () => void;
}

/** Loads the servers' parts of the scenarios that the console shows. */
export async function loadScenarios(): Promise<Scenarios> {
  const folder = new URL('examples/', import.meta.url);
  const names = readdirSync(folder);
  const scenarios = await Promise.all(
    names.map(async (name): Promise<Scenario> => {
      const part: ServerPart = await import(new URL(`${name}/server.js`, folder).href);
      return { ...part, name };
    }),
  );
  return {
    channels: Object.assign(
      { [`${WATCHED_CHANNEL}*`]: { publish: 'nobody', ephemeral: true } },
      ...scenarios.map(({ channels }) => channels),
    ),
    start(hub) {
      const ends = scenarios.flatMap(({ start }) => start?.(hub) ?? []);
      const stopWatching = runWhileWatched(hub, scenarios);
      return () => {
        stopWatching();
        for (const end of ends) end();
      };
    },
  };
}

interface Run {
  readonly stop: () => void;
  lastSeen: number;
}

function runWhileWatched(hub: FanwireHub, scenarios: readonly Scenario[]): () => void {
  const runs = new Map<string, Run>();
  const look = async () => {
    const members = await hub.presence(WATCHED_CHANNEL);
    const watched = new Set(members.map(({ data }) => data));
    const now = Date.now();
    for (const { name, whileWatched } of scenarios) {
      const run = runs.get(name);
      if (watched.has(name) && run) run.lastSeen = now;
      else if (watched.has(name) && whileWatched) runs.set(name, { stop: whileWatched(hub), lastSeen: now });
      else if (run && now - run.lastSeen > LINGER_MS) {
        run.stop();
        runs.delete(name);
      }
    }
  };
  // A log that is away is the hub's to tell of; a scenario goes on as it was.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    for (const { stop } of runs.values()) stop();
  };
}
