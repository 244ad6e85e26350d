import type { EventLine } from './event-lines.ts';
import { type ChunkContent, NO_TALLY, type Tally } from './steps.ts';

export function chunkContent(
  text: string,
  contentType: string,
  readEvents: (text: string) => EventLine[],
): ChunkContent {
  if (contentType.startsWith('text/event-stream')) return { kind: 'events', lines: readEvents(text) };
  if (contentType.startsWith('application/x-ndjson'))
    return { kind: 'lines', lines: text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined) };
  return { kind: 'text', text };
}

/**
 * @param size of the chunk's data, all of which counts where it is no known format
 * @param length of the whole chunk
 */
export function chunkTally(content: ChunkContent, size: number, length: number): Tally {
  const messages = messagesIn(content);
  const kept = content.kind === 'text' ? size : messages > 0 ? utf8Length(messageText(content)) : 0;
  const around = length - kept;
  return messages > 0
    ? { ...NO_TALLY, content: kept, framing: around, messages }
    : { ...NO_TALLY, content: kept, upkeep: around };
}

function messageText(content: Exclude<ChunkContent, { kind: 'text' }>): string {
  if (content.kind === 'lines') return content.lines.join('');
  const data = content.lines.filter(({ name }) => name === 'data');
  return data.map(({ value }) => value).join('');
}

function messagesIn(content: ChunkContent): number {
  switch (content.kind) {
    case 'events':
      return content.lines.filter(({ kind }) => kind === 'dispatch').length;
    case 'lines':
      return content.lines.filter((line) => line !== '').length;
    case 'text':
      return content.text === '' ? 0 : 1;
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
