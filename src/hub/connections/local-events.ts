import { gapOf } from '../../log/gap.ts';
import type { PageItem } from '../../log/log.ts';
import { messageOf } from '../../log/message.ts';
import type { Gap } from '../../protocol/gap.ts';
import type { Message } from '../../protocol/message.ts';
import type { Start } from '../../protocol/start.ts';
import type { Hub } from '../hub.ts';
import { LocalReader } from './local-reader.ts';

/**
 * What a channel has brought: a message, or the news that some are lost.
 * @typeParam M where messages of several types have data of several kinds
 */
export type ChannelEvent<Data = unknown, M = Message<Data>> =
  | { readonly message: M; readonly gap?: undefined }
  | { readonly message?: undefined; readonly gap: Gap };

/** Messages and gaps, one after another as they are asked for. While nobody asks, one page is held and nothing is read. */
export class LocalEvents extends LocalReader<ChannelEvent> {
  protected readonly eager = false;

  /** @param signal closes it */
  constructor(hub: Hub, channels: readonly string[], start: Start, signal?: AbortSignal) {
    super(hub, channels, start, 1, signal);
  }

  protected valueOf(item: PageItem): ChannelEvent {
    return item.kind === 'gap' ? { gap: gapOf(item.gap) } : { message: messageOf(item.message) };
  }
}
