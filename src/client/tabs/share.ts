import { FanwireError } from '../../protocol/errors.ts';
import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../../protocol/runtime.ts';
import type { Core } from '../core.ts';
import { randomId } from '../random-id.ts';
import { createLeadership, type Leadership } from './leadership.ts';
import { createTabLock } from './lock.ts';
import { timerAt, transition } from './machine.ts';
import type { LeaderNotice, PostedNotice, TabNotice } from './notices.ts';
import { ownMessages } from './own-messages.ts';
import { isVisible, watchPage } from './page.ts';
import type { Effect, Event, State } from './state.ts';
import { type TabStatus, tabStatusOf } from './status.ts';
import { createTraffic } from './traffic.ts';

/**
 * A tab's share of the connection that one of the tabs holds: the shell around the state machine.
 *
 * @param name tabs that give the same name share a connection
 * @param clientId of the first tab; the others take over the leader's
 * @param open opens the connection, when this tab leads
 */
export function createShare(
  name: string,
  clientId: string,
  open: (clientId: string, changed: () => void) => Core,
  changed: () => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): Core<TabStatus> {
  const tab = randomId(runtime);
  // A channel each way, so that the other tabs need not read what a tab tells the leader.
  const up = new BroadcastChannel(`${name} up`);
  const down = new BroadcastChannel(`${name} down`);

  let state: State = { kind: 'away' };
  let timer: Timer | undefined;
  let leadership: Leadership | undefined;
  let client = clientId;
  /** The number of the current leader's newest notice. */
  let count: number | undefined;
  let error: FanwireError | undefined;

  const status = () => tabStatusOf(state, leadership?.status(), error);

  const say = (notice: TabNotice) => {
    const own = leadership;
    if (!own) return up.postMessage(notice);
    // Not at once, as notices of other tabs do not come at once either.
    queueMicrotask(() => own === leadership && own.hear(notice));
  };
  const traffic = createTraffic((frames) => {
    const term = state.kind === 'follower' ? state.leader.term : state.kind === 'leader' ? state.term : 0;
    say({ kind: 'frames', tab, attachment: traffic.attachment(), term, frames });
  }, runtime);

  const own = ownMessages(traffic.publishes, () => status().from);

  const take = (notice: LeaderNotice) => {
    if (notice.kind === 'frames') {
      for (const { tab: to, frame } of notice.frames) if (!to || to === tab) traffic.receive(frame);
    } else if (notice.kind === 'heartbeat') {
      if (notice.position) traffic.receive({ heartbeat: { position: notice.position } });
    } else if (notice.tab === tab && notice.attachment === traffic.attachment()) {
      dispatch({ kind: 'forgotten' });
    }
  };
  down.onmessage = ({ data: { term, count: number, notice } }: MessageEvent<PostedNotice>) => {
    if (notice.kind === 'heartbeat') dispatch({ kind: 'heartbeat', leader: { term, ...notice.leader } });
    if (state.kind !== 'follower' || state.leader.term !== term) return;
    if (notice.kind === 'heartbeat') client = notice.client;
    const missed = count !== undefined && number !== count + 1;
    count = number;
    if (missed) dispatch({ kind: 'forgotten' });
    else take(notice);
  };
  up.onmessage = ({ data }: MessageEvent<TabNotice>) => leadership?.hear(data);

  const dispatch = (event: Event) => {
    const step = transition(state, event, { now: runtime.now(), visible: isVisible() });
    state = step.state;
    step.effects.forEach(run);
    runtime.clear(timer);
    const at = timerAt(state);
    if (at !== undefined)
      timer = runtime.setTimeout(() => dispatch({ kind: 'timer' }), Math.max(0, at - runtime.now()));
    changed();
  };
  const lock = createTabLock(
    name,
    navigator.locks,
    () => dispatch({ kind: 'granted' }),
    () => dispatch({ kind: 'lost' }),
  );

  const run = (effect: Effect) => {
    switch (effect.kind) {
      case 'lead':
        leadership = createLeadership({
          tab,
          term: effect.term,
          client,
          runtime,
          open,
          post: (posted) => down.postMessage(posted),
          take,
          changed,
          refused: close,
        });
        return leadership.beat();
      case 'resign':
        leadership?.end(state.kind === 'closed');
        leadership = undefined;
        return;
      case 'sweep':
        return leadership?.sweep();
      case 'attach':
        count = undefined;
        return traffic.attach();
      case 'detach':
        return traffic.detach();
      case 'ask':
        return say({ kind: 'ask', tab, attachment: traffic.attachment() });
      case 'part':
        return say({ kind: 'part', tab });
      default:
        return lock[effect.kind]();
    }
  };

  const unwatch = watchPage((event) => {
    if (event === 'hidden' || event === 'shown') leadership?.beat();
    if (event !== 'hidden') dispatch({ kind: event });
  });
  const close = (reason: FanwireError) => {
    if (error) return;
    error = reason;
    unwatch();
    traffic.fail(reason);
    dispatch({ kind: 'close' });
    up.close();
    down.close();
  };

  queueMicrotask(() => dispatch({ kind: 'start' }));
  return {
    channels: traffic.channels,
    ...own,
    requests: traffic.requests,
    status,
    assertOpen() {
      if (error) throw error;
    },
    setToken(token) {
      if (leadership) return leadership.setToken(token);
      // A function can't be posted, but the token that it gives can. Once this tab leads it calls the function again.
      Promise.resolve(typeof token === 'function' ? token() : token).then(
        (token) => say({ kind: 'token', tab, token }),
        () => {},
      );
    },
    close: () => close(new FanwireError('closed', 'closed by the application')),
  };
}
