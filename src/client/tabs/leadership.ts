import type { FanwireError } from '../../protocol/errors.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { Status } from '../connection/status.ts';
import type { Core } from '../core.ts';
import type { TokenOption } from '../token.ts';
import type { LeaderNotice, PostedNotice, TabNotice } from './notices.ts';
import { isVisible } from './page.ts';
import { createRelay } from './relay.ts';

export interface LeadershipOptions {
  /** The leader's own tab. */
  readonly tab: string;
  readonly term: number;
  /** The client id that all tabs have in common. */
  readonly client: string;
  readonly runtime: Runtime;
  open(clientId: string, changed: () => void): Core;
  /** To the other tabs. */
  post(posted: PostedNotice): void;
  /** To the leader's own tab. */
  take(notice: LeaderNotice): void;
  changed(): void;
  /** Called when the hub has refused the client for good. */
  refused(error: FanwireError): void;
}

/** One term of a tab as the leader: the connection, and what the tabs are told of it. */
export interface Leadership {
  status(): Status;
  hear(notice: TabNotice): void;
  /** Sends all tabs a heartbeat. */
  beat(): void;
  /** Forgets the tabs that are gone. */
  sweep(): void;
  setToken(token: TokenOption | undefined): void;
  /** @param forGood the tab is closed, and does not only let another lead */
  end(forGood: boolean): void;
}

export function createLeadership(options: LeadershipOptions): Leadership {
  const { tab, term, client, open, post, take } = options;
  let count = 0;
  let ended = false;

  const tell = (notice: LeaderNotice) => {
    if (ended) return;
    // Posting clones every message, which is spared while no other tab would read the clone.
    if (notice.kind === 'heartbeat' || relay.servesOthers()) post({ term, count: ++count, notice });
    queueMicrotask(() => ended || take(notice));
  };
  const beat = () => {
    const leader = { status: core.status(), visible: isVisible() };
    tell({ kind: 'heartbeat', leader, client, position: relay.position() });
  };

  const core = open(client, () => {
    if (ended) return;
    try {
      core.assertOpen();
    } catch (error) {
      return options.refused(error as FanwireError);
    }
    beat();
    options.changed();
  });
  const relay = createRelay(core, tab, term, tell, options.runtime);

  return {
    status: core.status,
    hear(notice) {
      relay.hear(notice);
      if (notice.kind === 'ask') beat();
    },
    beat,
    sweep: relay.sweep,
    setToken: core.setToken,
    end(forGood) {
      ended = true;
      const last = forGood && !relay.servesOthers();
      relay.end();
      core.close(!last);
    },
  };
}
