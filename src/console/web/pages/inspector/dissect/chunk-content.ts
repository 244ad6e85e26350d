import { createEnvelopeReader, END_OF_STREAM, type Envelope } from '../../../connect-envelope.ts';
import { createEventReader, type EventLine } from './event-lines.ts';
import { type ChunkContent, NO_TALLY, type Tally } from './steps.ts';

/** What reads on from one chunk to the next. */
export interface ContentReaders {
  readonly events: (text: string) => EventLine[];
  readonly envelopes: (bytes: Uint8Array) => Envelope[];
}

export function createContentReaders(): ContentReaders {
  return { events: createEventReader(), envelopes: createEnvelopeReader() };
}

export function chunkContent(bytes: Uint8Array, contentType: string, readers: ContentReaders): ChunkContent {
  if (isConnect(contentType)) return { kind: 'envelopes', envelopes: readers.envelopes(bytes) };
  const text = new TextDecoder().decode(bytes);
  if (contentType.startsWith('text/event-stream')) return { kind: 'events', lines: readers.events(text) };
  if (contentType.startsWith('application/x-ndjson'))
    return { kind: 'lines', lines: text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined) };
  return { kind: 'text', text };
}

/** Whether a body is envelopes: of a stream of Connect's, as JSON. */
export function isConnect(contentType: string): boolean {
  return contentType.startsWith('application/connect+json');
}

/**
 * @param size of the chunk's data, all of which counts where it is no known format
 * @param length of the whole chunk
 */
export function chunkTally(content: ChunkContent, size: number, length: number): Tally {
  const messages = messagesIn(content);
  // A message that began in the chunk before counts as far as it is in this one.
  const kept =
    content.kind === 'text' ? size : messages > 0 ? Math.min(size, utf8Length(messageText(content))) : 0;
  const around = length - kept;
  return messages > 0
    ? { ...NO_TALLY, content: kept, framing: around, messages }
    : { ...NO_TALLY, content: kept, upkeep: around };
}

function messageText(content: Exclude<ChunkContent, { kind: 'text' }>): string {
  if (content.kind === 'lines') return content.lines.join('');
  if (content.kind === 'envelopes')
    return content.envelopes
      .filter(isMessage)
      .map(({ text }) => text)
      .join('');
  const data = content.lines.filter(({ name }) => name === 'data');
  return data.map(({ value }) => value).join('');
}

function messagesIn(content: ChunkContent): number {
  switch (content.kind) {
    case 'events':
      return content.lines.filter(({ kind }) => kind === 'dispatch').length;
    case 'lines':
      return content.lines.filter((line) => line !== '').length;
    case 'envelopes':
      return content.envelopes.filter(isMessage).length;
    case 'text':
      return content.text === '' ? 0 : 1;
  }
}

function isMessage({ flags, text }: Envelope): boolean {
  return !(flags & END_OF_STREAM) && 'message' in JSON.parse(text);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
