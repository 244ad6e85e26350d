import { readdirSync } from 'node:fs';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { ChannelRule } from '../hub/authorisation/channel-rule.ts';
import type { Watched } from './watched.ts';

/** A page that shows a scenario is present here with its name. A subscription would not do, because a client that polls has one only while it asks. */
const WATCHED_CHANNEL = 'console:demo:watched';
/** A scenario begins at most so long after its first visitor has come. */
const LOOK_MS = 500;
/** A scenario goes on for so long after its last visitor has left, so that a reloaded page finds it as it was. */
const LINGER_MS = 10_000;

/** What `examples/scenarios/NAME/server.js` exports: the server's part of a scenario. */
interface ServerPart {
  readonly channels?: Readonly<Record<string, ChannelRule>>;
  /** Called once, for what waits for requests. @returns a function that stops it */
  start?(hub: FanwireHub): () => void;
  /** Called when a page opens the scenario, for what publishes by itself. @returns a function that stops it */
  whileWatched?(hub: FanwireHub): () => void;
}

interface Scenario extends ServerPart {
  readonly name: string;
}

export interface Scenarios {
  readonly channels: Readonly<Record<string, ChannelRule>>;
  /** Runs the servers' parts. Returns a function that stops them all. */
  start(hub: FanwireHub): () => void;
}

/** Loads the servers' parts of the scenarios that the console shows. */
export async function loadScenarios(watched: Watched): Promise<Scenarios> {
  watched.add(WATCHED_CHANNEL);
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
      const stopWatching = runWhileWatched(hub, scenarios, watched);
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

function runWhileWatched(hub: FanwireHub, scenarios: readonly Scenario[], visited: Watched): () => void {
  const runs = new Map<string, Run>();
  const look = async () => {
    // While nobody is there the log is not asked who is.
    if (runs.size === 0 && !visited.has(WATCHED_CHANNEL)) return;
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
  // While the log is away a scenario goes on as it was. The hub itself reports the log.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    for (const { stop } of runs.values()) stop();
  };
}
