import type { FanwireError } from '../../protocol/errors.ts';
import type { Status } from '../connection/status.ts';
import type { Core } from '../core.ts';
import type { TokenOption } from '../token.ts';
import { isVisible } from './page.ts';
import { createRelay } from './relay.ts';
import type { Answer, Posted, Word } from './talk.ts';

export interface Surroundings {
  /** The leader's own tab. */
  readonly tab: string;
  readonly term: number;
  /** The client id that the tabs have in common. */
  readonly client: string;
  open(clientId: string, changed: () => void): Core;
  /** To the other tabs. */
  post(posted: Posted): void;
  /** To this one. */
  take(answer: Answer): void;
  changed(): void;
  /** The connection has closed by itself. */
  refused(error: FanwireError): void;
}

/** A tab's time as the leader: the connection, and what is told of it. */
export interface Reign {
  status(): Status;
  hear(word: Word): void;
  /** Tells all tabs how it does. */
  beat(): void;
  /** Forgets the tabs that are gone. */
  look(): void;
  setToken(token: TokenOption | undefined): void;
  /** @param forGood the tab is closed, and does not only let another lead */
  end(forGood: boolean): void;
}

export function createReign(surroundings: Surroundings): Reign {
  const { tab, term, client, open, post, take } = surroundings;
  let count = 0;
  let ended = false;

  const tell = (answer: Answer) => {
    if (ended) return;
    // A clone of each message is spared where nobody would read it.
    if (answer.kind === 'beat' || relay.servesOthers()) post({ term, count: ++count, answer });
    queueMicrotask(() => ended || take(answer));
  };
  const beat = () => {
    const leader = { status: core.status(), visible: isVisible() };
    tell({ kind: 'beat', leader, client, position: relay.position() });
  };

  const core = open(client, () => {
    if (ended) return;
    try {
      core.assertOpen();
    } catch (error) {
      return surroundings.refused(error as FanwireError);
    }
    beat();
    surroundings.changed();
  });
  const relay = createRelay(core, tab, term, tell);

  return {
    status: core.status,
    hear(word) {
      relay.hear(word);
      if (word.kind === 'ask') beat();
    },
    beat,
    look: relay.look,
    setToken: core.setToken,
    end(forGood) {
      ended = true;
      const last = forGood && !relay.servesOthers();
      relay.end();
      core.close(!last);
    },
  };
}
