import type { ServerFrame } from '../../protocol/frames.ts';
import type { Timer } from '../../protocol/runtime.ts';
import type { TransportName } from '../../protocol/transport-name.ts';
import type { Environment } from '../environment.ts';
import { errorOf, type Failure, GARBLED } from '../failure.ts';
import type { Link, Subscriptions, Transport } from '../transports/transport.ts';
import { LOOK_MS } from '../watchdog.ts';
import { idle, timerAt, transition } from './machine.ts';
import type { Effect, Event, Policy, State } from './state.ts';
import { tell } from './status.ts';
import { watchWakeups } from './wakeups.ts';

/** A link with its number, by which the rest of the client knows it. */
export interface ActiveLink extends Link {
  readonly id: number;
}

export interface Handlers {
  /** The link carries everything from now on. The link before it, if any, is closed after this call. */
  adopted(link: ActiveLink): void;
  /** A frame of the active link. */
  received(frame: ServerFrame, link: ActiveLink): void;
  /** A frame of a link that another link has replaced. */
  late(frame: ServerFrame): void;
  /** Whether an answer is under way that only this link can bring. The link is then kept until the answer has come. */
  awaits(id: number): boolean;
  /** No more frames come of this link. With a failure it was the active link, and was lost. */
  ended(id: number, failure?: Failure): void;
  subscriptions(id: number): Subscriptions;
  changed(state: State): void;
}

export interface Connection {
  state(): State;
  link(): ActiveLink | undefined;
  dispatch(event: Event): void;
}

/** The shell around the state machine: runs its effects and its one timer, and hands on the frames of the links. */
export function createConnection(
  environment: Environment,
  transports: readonly Transport[],
  policy: Policy,
  worked: TransportName | undefined,
  handlers: Handlers,
): Connection {
  const { runtime } = environment;
  const links = new Map<number, ActiveLink>();
  const why = () => state.past.failures.map(tell).join(', ') || undefined;
  let state = idle(worked);
  let link: ActiveLink | undefined;
  let timer: Timer | undefined;
  const unwatch = watchWakeups((suspect) => {
    if (suspect) link?.refresh();
    dispatch({ kind: 'wake' });
  });

  const dispatch = (event: Event) => {
    const before = state;
    const step = transition(state, event, { policy, now: runtime.now(), random: runtime.random() });
    state = step.state;
    step.effects.forEach(run);
    // A timer may fire a little early, or after the first part of a long wait. Then it is set again.
    if (state === before && event.kind !== 'timer') return;
    runtime.clear(timer);
    const at = timerAt(state);
    if (at !== undefined) {
      const delayMs = Math.max(0, Math.ceil(at - runtime.now()));
      timer = runtime.setTimeout(() => dispatch({ kind: 'timer' }), Math.min(LOOK_MS, delayMs));
    }
    if (state === before) return;
    if (state.kind === 'closed') {
      unwatch();
      for (const each of links.values()) end(each);
    }
    handlers.changed(state);
  };

  const run = (effect: Effect) => {
    if (effect.kind === 'open') return open(effect.id, effect.transport);
    const target = links.get(effect.id);
    if (!target) return;
    if (effect.kind === 'adopt') {
      link = target;
      handlers.adopted(target);
    } else if (!handlers.awaits(effect.id)) end(target);
  };

  const end = (ended: ActiveLink, failure?: Failure) => {
    links.delete(ended.id);
    if (link === ended) link = undefined;
    ended.close();
    handlers.ended(ended.id, failure);
  };

  const open = (id: number, name: TransportName) => {
    const transport = transports.find((each) => each.name === name)!;
    const lost = (failure: Failure) => {
      const ended = links.get(id);
      if (!ended) return;
      end(ended, link === ended ? failure : undefined);
      dispatch({ kind: 'lost', id, failure: environment.tokens.judge(failure) });
    };
    const opened = transport.open({
      environment: { ...environment, why },
      subscriptions: () => handlers.subscriptions(id),
      lost,
      receive: (frame) => {
        const from = links.get(id);
        if (!from) return;
        if ('error' in frame && frame.ref === undefined) return lost(errorOf(frame.error));
        if ('welcome' in frame) {
          environment.offer = frame.welcome.webtransport;
          dispatch({ kind: 'proved', id });
        }
        if ('move' in frame) dispatch({ kind: 'move', id, withinMs: frame.move.withinMs });
        // A link that has proved itself is adopted. So any other that brings a frame was adopted before, and is kept for an answer.
        if (link === from) return handlers.received(frame, from);
        handlers.late(frame);
        if (!handlers.awaits(id)) lost(GARBLED);
      },
    });
    links.set(id, { ...opened, id });
  };

  return { state: () => state, link: () => link, dispatch };
}
