import { randomBytes } from 'node:crypto';
import type { FanwireHub } from '../../fanwire-hub.ts';
import type { HubOptions, RequestHandler } from '../../hub/options.ts';
import { MAX_SPREAD_MS } from '../../lab/crowd/bounds.ts';
import { Crowd } from '../../lab/crowd/crowd.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { periodically } from '../readings.ts';
import { CROWD_CHANNEL, type CrowdReport } from './crowd-report.ts';

/** On this channel the processes of a hub tell each other what a crowd is to do. No client may read it. */
const COMMANDS = 'console:crowds';
const LOOK_MS = 1000;
/** A crowd goes on for so many looks with nobody there, so that a reloaded page finds it as it was. */
const LINGER_LOOKS = 10;

type Command =
  | { readonly kind: 'stampede'; readonly id: string; readonly spreadMs: number }
  | { readonly kind: 'end'; readonly id: string; readonly by: string };

/** The server's side of the lesson's crowd: at most one in each process of a hub. */
export interface CrowdServer {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Returns a function that stops it, and the crowd. */
  start(hub: FanwireHub): () => void;
}

export function openCrowd(): CrowdServer {
  let hub: FanwireHub | undefined;
  let running: { readonly id: string; readonly crowd: Crowd; endedBy?: string } | undefined;

  const handler =
    (
      answer: (hub: FanwireHub, data: Readonly<Record<string, unknown>>, from: string) => unknown,
    ): RequestHandler =>
    (data, { access, from }) => {
      if (!access.mayRead(`${CROWD_CHANNEL}any`))
        throw new FanwireError('forbidden', 'the crowd is for whoever may read console:*');
      if (!hub)
        throw new FanwireError('draining', 'this process has only begun: ask again', { retryAfter: 1 });
      return answer(hub, Object(data), from);
    };

  /** While a crowd runs, a visitor who asks for one is shown that one. It lasts for as long as one of them is there. */
  const gather = (hub: FanwireHub) => {
    if (running) return { id: running.id };
    const id = randomBytes(9).toString('base64url');
    const channel = CROWD_CHANNEL + id;
    const publish = (report: CrowdReport) => void hub.publish(channel, report).catch(() => {});
    let looksAlone = 0;
    const endLooks = periodically(LOOK_MS, async () => {
      // While the log is away nobody can be said to be gone.
      const visitors = await hub.presence(channel).catch(() => undefined);
      looksAlone = visitors?.length === 0 ? looksAlone + 1 : 0;
      if (looksAlone > LINGER_LOOKS) crowd.end();
    });
    const crowd = new Crowd({
      changed(state) {
        publish({ kind: 'state', state, by: running?.endedBy });
        if (state !== 'ended') return;
        running = undefined;
        endLooks();
      },
      read: (memory) => publish({ kind: 'memory', ...memory }),
      stampeded: (herd) => publish({ kind: 'herd', ...herd }),
      failed: (detail) => publish({ kind: 'failed', detail }),
    });
    running = { id, crowd };
    return { id };
  };

  return {
    options: {
      channels: {
        [COMMANDS]: { read: 'nobody', publish: 'nobody', presence: false, ephemeral: true },
        [`${CROWD_CHANNEL}*`]: {
          read: 'granted',
          publish: 'nobody',
          retain: { count: 300, ageMs: 180_000 },
        },
      },
      requests: {
        'console:crowd': handler(gather),
        'console:crowd:stampede': handler((hub, data) => {
          const { spreadMs } = data;
          if (typeof spreadMs !== 'number' || !(spreadMs >= 0 && spreadMs <= MAX_SPREAD_MS))
            throw new FanwireError(
              'invalid_parameter',
              `spreadMs: expected milliseconds, 0 to ${MAX_SPREAD_MS}`,
            );
          return command(hub, { kind: 'stampede', id: idOf(data), spreadMs });
        }),
        'console:crowd:end': handler((hub, data, by) => command(hub, { kind: 'end', id: idOf(data), by })),
      },
    },
    start(given) {
      hub = given;
      const subscription = given.subscribe<Command>(COMMANDS, ({ data }) => {
        if (running?.id !== data.id) return;
        if (data.kind === 'stampede') return void running.crowd.stampede(data.spreadMs);
        running.endedBy = data.by;
        running.crowd.end();
      });
      return () => {
        hub = undefined;
        subscription.close();
        running?.crowd.end();
      };
    },
  };
}

/** The crowd may be another process's. */
async function command(hub: FanwireHub, command: Command): Promise<void> {
  await hub.publish(COMMANDS, command);
}

/** @throws FanwireError `invalid_parameter` */
function idOf({ id }: Readonly<Record<string, unknown>>): string {
  if (typeof id === 'string') return id;
  throw new FanwireError('invalid_parameter', 'id: expected that of a crowd');
}
