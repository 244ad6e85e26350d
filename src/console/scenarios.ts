import { readdirSync } from 'node:fs';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { ChannelRule } from '../hub/channel-rule.ts';

/** How soon a scenario begins for its first visitor, and ends after its last. */
const WATCH_MS = 500;

/** What the server's part of an example exports: `examples/scenarios/NAME/server.js`. */
interface ServerPart {
  readonly channels?: Readonly<Record<string, ChannelRule>>;
  /** While this channel has subscribers the server's part runs. */
  readonly wakes: string;
  /** @returns what stops it */
  start(hub: FanwireHub): () => void;
}

export interface Scenarios {
  readonly channels: Readonly<Record<string, ChannelRule>>;
  /** Runs each scenario while somebody is there; returns what ends them all. */
  start(hub: FanwireHub): () => void;
}

/** Loads the server's parts of the scenarios that the console shows. */
export async function loadScenarios(): Promise<Scenarios> {
  const folder = new URL('examples/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('server.js'),
  );
  const parts = await Promise.all(
    files.map(async (file): Promise<ServerPart> => import(new URL(file, folder).href)),
  );
  return {
    channels: Object.assign({}, ...parts.map((part) => part.channels)),
    start(hub) {
      const ends = parts.map((part) => runWhileWatched(hub, part));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

type Run = { readonly kind: 'asleep' } | { readonly kind: 'running'; readonly stop: () => void };

function runWhileWatched(hub: FanwireHub, part: ServerPart): () => void {
  let run: Run = { kind: 'asleep' };
  const look = async () => {
    const watched = (await hub.occupancy(part.wakes)) > 0;
    if (watched && run.kind === 'asleep') run = { kind: 'running', stop: part.start(hub) };
    else if (!watched) sleep();
  };
  const sleep = () => {
    if (run.kind === 'running') run.stop();
    run = { kind: 'asleep' };
  };
  // A log that is away is the hub's to tell of; a scenario goes on as it was.
  const timer = setInterval(() => void look().catch(() => {}), WATCH_MS).unref();
  return () => {
    clearInterval(timer);
    sleep();
  };
}
