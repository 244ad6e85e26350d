import { FanwireError } from '../../protocol/errors.ts';
import type { Core } from '../core.ts';
import { randomId } from '../random-id.ts';
import { timerAt, transition } from './machine.ts';
import { isVisible, watchPage } from './page.ts';
import { createReign, type Reign } from './reign.ts';
import type { Effect, Event, State } from './state.ts';
import { type TabStatus, tabStatusOf } from './status.ts';
import type { Answer, Posted, Word } from './talk.ts';
import { createTraffic } from './traffic.ts';
import { createTurn } from './turn.ts';

/**
 * A tab's share of the connection that one of the tabs holds: the shell around the state machine.
 *
 * @param name names what is shared: the tabs that say the same share
 * @param clientId of the first tab; the others take over what the leader says
 * @param open opens the connection, when this tab leads
 */
export function createShare(
  name: string,
  clientId: string,
  open: (clientId: string, changed: () => void) => Core,
  changed: () => void,
): Core<TabStatus> {
  const tab = randomId();
  // One each way: a word to the leader need not be read by the others.
  const up = new BroadcastChannel(`${name} up`);
  const down = new BroadcastChannel(`${name} down`);

  let state: State = { kind: 'away' };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reign: Reign | undefined;
  let client = clientId;
  /** Of the newest answer of the leader of now. */
  let count: number | undefined;
  let error: FanwireError | undefined;

  const status = () => tabStatusOf(state, reign?.status(), error);

  const say = (word: Word) => {
    const own = reign;
    if (!own) return up.postMessage(word);
    // As the others' words, it does not come at once.
    queueMicrotask(() => own === reign && own.hear(word));
  };
  const traffic = createTraffic((frames) => {
    const term = state.kind === 'following' ? state.leader.term : state.kind === 'leading' ? state.term : 0;
    say({ kind: 'frames', tab, link: traffic.link(), term, frames });
  });

  const take = (answer: Answer) => {
    if (answer.kind === 'frames') {
      for (const { tab: to, frame } of answer.frames) if (!to || to === tab) traffic.receive(frame);
    } else if (answer.kind === 'beat') {
      if (answer.position) traffic.receive({ heartbeat: { position: answer.position } });
    } else if (answer.tab === tab && answer.link === traffic.link()) dispatch({ kind: 'forgotten' });
  };
  down.onmessage = ({ data: { term, count: number, answer } }: MessageEvent<Posted>) => {
    if (answer.kind === 'beat') dispatch({ kind: 'beat', leader: { term, ...answer.leader } });
    if (state.kind !== 'following' || state.leader.term !== term) return;
    if (answer.kind === 'beat') client = answer.client;
    const missed = count !== undefined && number !== count + 1;
    count = number;
    if (missed) dispatch({ kind: 'forgotten' });
    else take(answer);
  };
  up.onmessage = ({ data }: MessageEvent<Word>) => reign?.hear(data);

  const dispatch = (event: Event) => {
    const step = transition(state, event, { now: Date.now(), visible: isVisible() });
    state = step.state;
    step.effects.forEach(run);
    clearTimeout(timer);
    const at = timerAt(state);
    if (at !== undefined) timer = setTimeout(() => dispatch({ kind: 'timer' }), Math.max(0, at - Date.now()));
    changed();
  };
  const turn = createTurn(
    name,
    navigator.locks,
    () => dispatch({ kind: 'granted' }),
    () => dispatch({ kind: 'lost' }),
  );

  const run = (effect: Effect) => {
    switch (effect.kind) {
      case 'lead':
        reign = createReign({
          tab,
          term: effect.term,
          client,
          open,
          post: (posted) => down.postMessage(posted),
          take,
          changed,
          refused: close,
        });
        return reign.beat();
      case 'abdicate':
        reign?.end(state.kind === 'closed');
        reign = undefined;
        return;
      case 'look':
        return reign?.look();
      case 'link':
        count = undefined;
        return traffic.relink();
      case 'unlink':
        return traffic.unlink();
      case 'ask':
        return say({ kind: 'ask', tab, link: traffic.link() });
      case 'part':
        return say({ kind: 'part', tab });
      default:
        return turn[effect.kind]();
    }
  };

  const unwatch = watchPage((event) => {
    if (event === 'hidden' || event === 'shown') reign?.beat();
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
    publishes: traffic.publishes,
    requests: traffic.requests,
    status,
    assertOpen() {
      if (error) throw error;
    },
    setToken(token) {
      if (reign) return reign.setToken(token);
      // A function can't be posted, but what it says can; it is asked again when this tab leads.
      Promise.resolve(typeof token === 'function' ? token() : token).then(
        (token) => say({ kind: 'token', tab, token }),
        () => {},
      );
    },
    close: () => close(new FanwireError('closed', 'closed by the application')),
  };
}
