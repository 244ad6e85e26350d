import type { ServerFrame } from '../../protocol/frames.ts';
import type { Environment } from '../environment.ts';
import { errorOf, type Failure } from '../failure.ts';
import type { Link, Subscriptions, Transport, TransportName } from '../transports/transport.ts';
import { LOOK_MS } from '../watchdog.ts';
import { idle, timerAt, transition } from './machine.ts';
import type { Effect, Event, Policy, State } from './state.ts';
import { watchWakeups } from './wakeups.ts';

/** A link of the connection, as the rest of the client sees it. */
export interface ActiveLink extends Link {
  readonly id: number;
}

export interface Handlers {
  /** The link carries everything from now on. The one before, if any, is closed after this. */
  adopted(link: ActiveLink): void;
  /** Of the active link alone. */
  received(frame: ServerFrame, link: ActiveLink): void;
  /** Nothing more will come of it, be it active or not. */
  ended(id: number): void;
  subscriptions(id: number): Subscriptions;
  remember(transport: TransportName): void;
  /** Closing for good: the last chance to tell the hub. */
  leaving(link: ActiveLink): void;
  changed(state: State): void;
}

export interface Connection {
  state(): State;
  link(): ActiveLink | undefined;
  dispatch(event: Event): void;
}

/** The shell around the state machine: runs its effects, its one timer, and reports what the links say. */
export function createConnection(
  environment: Environment,
  transports: readonly Transport[],
  policy: Policy,
  worked: TransportName | undefined,
  handlers: Handlers,
): Connection {
  const links = new Map<number, ActiveLink>();
  let state = idle(worked);
  let link: ActiveLink | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unwatch = watchWakeups((suspect) => dispatch({ kind: 'wake', suspect }));

  const dispatch = (event: Event) => {
    const before = state;
    const step = transition(state, event, { policy, now: Date.now(), random: Math.random() });
    state = step.state;
    step.effects.forEach(run);
    // A timer may fire a little early, or be a stage on a long way: it is set again.
    if (state === before && event.kind !== 'timer') return;
    clearTimeout(timer);
    const at = timerAt(state);
    if (at !== undefined) {
      const delayMs = Math.max(0, Math.ceil(at - Date.now()));
      timer = setTimeout(() => dispatch({ kind: 'timer' }), Math.min(LOOK_MS, delayMs));
    }
    if (state === before) return;
    if (state.kind === 'closed') unwatch();
    handlers.changed(state);
  };

  const run = (effect: Effect) => {
    if (effect.kind === 'remember') return handlers.remember(effect.transport);
    if (effect.kind === 'open') return open(effect.id, effect.transport);
    const target = links.get(effect.id);
    if (!target) return;
    if (effect.kind === 'check') return target.refresh();
    if (effect.kind === 'adopt') {
      link = target;
      return handlers.adopted(target);
    }
    if (effect.kind === 'leave') handlers.leaving(target);
    end(target);
  };

  const end = (ended: ActiveLink) => {
    links.delete(ended.id);
    if (link === ended) link = undefined;
    ended.close();
    handlers.ended(ended.id);
  };

  const open = (id: number, name: TransportName) => {
    const transport = transports.find((each) => each.name === name)!;
    const lost = (failure: Failure) => {
      const ended = links.get(id);
      if (!ended) return;
      end(ended);
      dispatch({ kind: 'lost', id, failure: renewable(failure) });
    };
    const opened = transport.open({
      environment,
      subscriptions: () => handlers.subscriptions(id),
      lost,
      receive: (frame) => {
        const from = links.get(id);
        if (!from) return;
        if ('error' in frame && frame.ref === undefined) return lost(errorOf(frame.error));
        if ('welcome' in frame) dispatch({ kind: 'proved', id });
        if ('move' in frame) dispatch({ kind: 'move', id, withinMs: frame.move.withinMs });
        // Before it is adopted it has nothing to say, and being adopted is what a proof leads to.
        if (link === from) handlers.received(frame, from);
      },
    });
    links.set(id, { ...opened, id });
  };

  /** A refused token that the application can replace is worth coming back with another. */
  const renewable = (failure: Failure): Failure => {
    if (failure.cause !== 'unauthenticated' || !environment.tokens.renewable) return failure;
    environment.tokens.forget();
    return { ...failure, final: false };
  };

  return { state: () => state, link: () => link, dispatch };
}
