import { CHANNEL_PATTERN_RULE, channelMatcher, isChannelPattern } from '../../protocol/channel-pattern.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { LocalSubscription } from '../connections/local-subscription.ts';
import type { Hub } from '../hub.ts';
import type { HubOptions } from '../options.ts';
import { TimeSlice } from '../time-slice.ts';
import { assertOperator } from './operator-channel.ts';
import { RECHECKS_CHANNEL } from './own-channels.ts';
import { assertSubject } from './subjects.ts';
import { tellNodes } from './tell-nodes.ts';

/** Whose rights, and to which channels: a channel's name or a pattern. Without either, everybody's and to all. */
export interface RecheckRequest {
  readonly subject?: string | undefined;
  readonly channel?: string | undefined;
}

/** As one node tells the others. */
interface Told extends RecheckRequest {
  readonly node: string;
}

/** Has the functions of rules asked again, on all nodes of a log. */
export class Rechecks {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Begins to do what other nodes tell; it ends with the hub. */
  follow(): void {
    new LocalSubscription(
      this.#hub,
      [RECHECKS_CHANNEL],
      { kind: 'start' },
      {
        message: ({ data }) => {
          const { node, ...told } = data as Told;
          return node === this.#hub.node ? undefined : this.#do(told);
        },
        // Nobody can tell any more what was said meanwhile.
        gap: () => this.#do({}),
      },
    );
  }

  /** @throws FanwireError `invalid_parameter`; `log_unavailable`, when this node alone has done it */
  async recheck({ subject, channel }: RecheckRequest = {}): Promise<void> {
    if (subject !== undefined) assertSubject(subject);
    if (channel !== undefined && !(typeof channel === 'string' && isChannelPattern(channel))) {
      throw new FanwireError('invalid_parameter', `channel: ${CHANNEL_PATTERN_RULE}`);
    }
    const request: RecheckRequest = { subject, channel };
    const done = this.#do(request);
    await tellNodes(this.#hub, RECHECKS_CHANNEL, { ...request, node: this.#hub.node } satisfies Told);
    await done;
  }

  /** The same for an operator who is elsewhere. */
  readonly requests: NonNullable<HubOptions['requests']> = {
    'fanwire:recheck': async (data, context) => {
      assertOperator(context);
      const { subject, channel } = Object(data);
      await this.recheck({ subject, channel });
    },
  };

  /** What is remembered is forgotten at once; then the connections are gone through. */
  async #do({ subject, channel = '*' }: RecheckRequest): Promise<void> {
    const concerns = channelMatcher(channel);
    this.#hub.rights?.forget({ subject, concerns });
    const slice = new TimeSlice(this.#hub.runtime);
    for (const connection of [...this.#hub.connections]) {
      if (slice.isOver) await slice.next();
      if (subject === undefined || connection.access.subject === subject) connection.recheck(concerns);
    }
  }
}
