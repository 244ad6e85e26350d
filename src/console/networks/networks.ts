import { randomUUID } from 'node:crypto';
import type { FanwireHub } from '../../fanwire-hub.ts';
import type { ChannelRule } from '../../hub/authorisation/channel-rule.ts';
import type { HubOptions, RequestContext } from '../../hub/options.ts';
import { DEFAULT_PACE } from '../../lab/pace.ts';
import { startLab } from '../../lab/process/lab-process.ts';
import type { LabNews, Order } from '../../lab/process/orders.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Watched } from '../watched.ts';
import { type LabRequest, LIVE_CHANNEL, type Live, MEASURED_CHANNEL, type Measured } from './reports.ts';
import { type Command, heard, RENEW_MS, type Slot, slotAt } from './slot.ts';

const COMMANDS_CHANNEL = 'console:lab:commands';

const LOOK_MS = 1000;
/** The page that began it is known to read by then, on whatever process. */
const GRACE_MS = 5000;
/** A drive that somebody has left open in a tab ends by itself. */
const MAX_RUN_MS = 600_000;

const RULE: ChannelRule = { publish: 'nobody', presence: false };

/** The lab, as the console's page has it run. */
export interface NetworksServer {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Returns a function that stops it. */
  start(hub: FanwireHub): () => void;
}

interface Run {
  readonly order: (order: Order) => void;
  readonly end: () => void;
}

/** One run at a time, for all who look, in a process of its own that ends once nobody does. */
export function openNetworks(watched: Watched): NetworksServer {
  watched.add(LIVE_CHANNEL);
  let started: { readonly hub: FanwireHub; readonly slot: () => Slot } | undefined;

  async function answer(request: LabRequest): Promise<unknown> {
    if (request.kind === 'catalogue') return (await import('./catalogue.ts')).CATALOGUE;
    if (!started)
      throw new FanwireError('draining', 'this process has only begun: ask again', { retryAfter: 1 });
    const { hub, slot } = started;
    await hub.publish(COMMANDS_CHANNEL, commandOf(request, slot(), hub.node));
    return null;
  }

  return {
    options: {
      channels: {
        [COMMANDS_CHANNEL]: { ...RULE, read: 'nobody', ephemeral: true },
        // As far as the page draws.
        [LIVE_CHANNEL]: { ...RULE, retain: { count: 400, ageMs: 60_000 } },
        [MEASURED_CHANNEL]: { ...RULE, retain: { count: 60, ageMs: 86_400_000 } },
      },
      requests: {
        'console:lab': async (data: unknown, { access }: RequestContext) => {
          if (!access.mayRead(LIVE_CHANNEL))
            throw new FanwireError(
              'forbidden',
              'the lab takes the operator’s token, or one that grants console:*',
            );
          // Nobody who does not come to that page has the lab loaded.
          const { labRequestOf } = await import('./request.ts');
          return answer(labRequestOf(data));
        },
      },
    },

    start(hub) {
      let slot: Slot = { kind: 'free' };
      let run: Run | undefined;
      const begin = (id: string, order: Order) => {
        try {
          run = beginRun(hub, watched, id, () => {
            run = undefined;
          });
          run.order(order);
        } catch (error) {
          tell(hub, COMMANDS_CHANNEL, { kind: 'over', run: id });
          tell(hub, LIVE_CHANNEL, {
            kind: 'over',
            fault: `The lab can't begin: ${(error as Error).message}`,
          });
        }
      };
      const commands = hub.subscribe<Command>(COMMANDS_CHANNEL, ({ data }) => {
        const now = performance.now();
        const before = slotAt(slot, now);
        slot = heard(slot, data, now);
        if (data.kind === 'begin' && before.kind === 'free' && data.node === hub.node)
          begin(data.run, data.order);
        // Asked before it was known that another one had begun.
        else if (data.kind === 'begin' && before.kind === 'taken' && goesWith(before, data.order))
          run?.order(data.order);
        if (data.kind === 'more') run?.order(data.order);
        if (data.kind === 'end') run?.end();
      });
      started = { hub, slot: () => slotAt(slot, performance.now()) };
      return () => {
        started = undefined;
        commands.close();
        run?.end();
      };
    },
  };
}

/** Whether what goes on can take it along. */
function goesWith({ by }: Extract<Slot, { kind: 'taken' }>, order: Order): boolean {
  return by === 'measure' && order.kind === 'measure';
}

/** @throws FanwireError `hub_busy` where another run has to end first */
function commandOf(request: Exclude<LabRequest, { kind: 'catalogue' }>, slot: Slot, node: string): Command {
  if (request.kind === 'end') return request;
  if (request.kind === 'act') return { kind: 'more', order: request };
  const order: Order = { ...request, pace: DEFAULT_PACE };
  if (slot.kind === 'free') return { kind: 'begin', run: randomUUID(), node, order };
  if (goesWith(slot, order)) return { kind: 'more', order };
  const going = slot.by === 'drive' ? 'somebody drives a network' : 'networks are measured';
  throw new FanwireError('hub_busy', `${going} on this hub: that has to end first`, { retryAfter: 5 });
}

/** While the log is away nobody can be told. */
function tell(hub: FanwireHub, channel: string, message: Live | Command): void {
  hub.publish(channel, message).catch(() => {});
}

function beginRun(hub: FanwireHub, watched: Watched, id: string, onEnd: () => void): Run {
  const lab = startLab((news: LabNews) => {
    tell(hub, LIVE_CHANNEL, news);
    if (news.kind === 'column' && news.stage === 'over') tell(hub, MEASURED_CHANNEL, news satisfies Measured);
    if (news.kind === 'done') lab.end();
  });
  const began = performance.now();
  let why: string | undefined;
  const looking = setInterval(() => {
    const age = performance.now() - began;
    if (age > MAX_RUN_MS) why = `It ended after ${MAX_RUN_MS / 60_000} minutes, as every run does.`;
    if (why !== undefined || (age > GRACE_MS && !watched.has(LIVE_CHANNEL))) lab.end();
  }, LOOK_MS).unref();
  const renewing = setInterval(
    () => tell(hub, COMMANDS_CHANNEL, { kind: 'goes on', run: id }),
    RENEW_MS,
  ).unref();
  void lab.ended.then((fault) => {
    clearInterval(looking);
    clearInterval(renewing);
    onEnd();
    tell(hub, COMMANDS_CHANNEL, { kind: 'over', run: id });
    tell(hub, LIVE_CHANNEL, { kind: 'over', fault: fault ?? why });
  });
  return lab;
}
