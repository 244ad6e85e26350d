import { CLOSE, comesBack } from '../../../../protocol/close-codes.ts';
import { END_OF_STREAM, type Envelope } from '../../connect-envelope.ts';
import { wireFacts } from '../../endpoints.ts';
import { isControl, OPCODES, readClose } from './dissect/frame.ts';
import { fieldOf } from './dissect/head.ts';
import type { ChunkContent, Detail, Purpose, Step } from './dissect/steps.ts';
import { INSPECTED } from './transports.ts';

/** What a step is, and what is in it, in a few words. */
export function titleOf({ detail, purpose }: Step): { readonly name: string; readonly gist: string } {
  switch (detail.kind) {
    case 'request':
      return { name: detail.head.start.split(' ')[0]!, gist: nameOf(purpose) };
    case 'answer': {
      const [, status = '', ...words] = detail.head.start.split(' ');
      return { name: status, gist: words.join(' ') };
    }
    case 'body':
      return { name: 'Body', gist: brief(textOf(detail.content)) };
    case 'chunk':
      return chunkTitle(detail.size, detail.content);
    case 'frame':
      return frameTitle(detail);
    case 'raw':
      return { name: 'Bytes', gist: '' };
    case 'end':
      return { name: detail.by === 'client' ? 'Closed by the browser' : 'Closed by the hub', gist: '' };
  }
}

export function nameOf(purpose: Purpose): string {
  return purpose === 'publish' ? 'Publishing' : wireFacts(purpose).label;
}

function chunkTitle(size: number, content: ChunkContent): { name: string; gist: string } {
  if (size === 0) return { name: 'Last chunk', gist: '' };
  switch (content.kind) {
    case 'events': {
      const data = content.lines.filter(({ name }) => name === 'data');
      if (content.lines.some(({ kind }) => kind === 'dispatch'))
        return { name: 'Event', gist: brief(data.map(({ value }) => value).join(' ')) };
      const names = content.lines.map(({ kind, name }) => (kind === 'comment' ? 'comment' : name));
      return { name: 'Chunk', gist: [...new Set(names)].filter(Boolean).join(', ') };
    }
    case 'lines': {
      const lines = content.lines.filter((line) => line !== '');
      return lines.length === 0
        ? { name: 'Empty line', gist: '' }
        : { name: 'Line', gist: brief(lines.join(' ')) };
    }
    case 'envelopes': {
      const isEnd = content.envelopes.some(({ flags }) => flags & END_OF_STREAM);
      return { name: isEnd ? 'End of stream' : 'Envelope', gist: brief(textOf(content)) };
    }
    case 'text':
      return { name: 'Chunk', gist: brief(content.text) };
  }
}

function textOf(content: Extract<ChunkContent, { kind: 'envelopes' | 'text' }>): string {
  return content.kind === 'text' ? content.text : content.envelopes.map(({ text }) => text).join(' ');
}

function frameTitle({ header, payload, graphql }: Extract<Detail, { kind: 'frame' }>): {
  name: string;
  gist: string;
} {
  const { opcode } = header;
  const opcodeName = OPCODES[opcode] ?? `opcode ${opcode}`;
  const name = `${opcodeName[0]!.toUpperCase()}${opcodeName.slice(1)} frame`;
  if (graphql) return { name, gist: `${graphql.type} ${brief(JSON.stringify(graphql.payload) ?? '')}` };
  if (opcode === 8) return { name, gist: String(readClose(payload).code ?? '') };
  return { name, gist: opcode === 1 ? brief(new TextDecoder().decode(payload.subarray(0, 200))) : '' };
}

function brief(text: string): string {
  return text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
}

/** What happens at a step, and why. */
export function sentenceOf(step: Step): string {
  const { detail, purpose } = step;
  switch (detail.kind) {
    case 'request': {
      const reused =
        detail.nth > 1
          ? ` It is request ${detail.nth} on TCP connection ${detail.connection}, kept open since the one before.`
          : '';
      const resumed = fieldOf(detail.head, 'last-event-id')
        ? ' The browser comes back by itself, and says with Last-Event-ID what it has already.'
        : '';
      return askedSentence(purpose) + resumed + reused;
    }
    case 'answer':
      return answerSentence(detail, purpose);
    case 'body':
      if (step.from === 'client' && detail.content.kind === 'envelopes')
        return 'The request of the call, in an envelope: a byte of flags, four of length, and a message as JSON.';
      if (step.from === 'client') return 'The message, as long as Content-Length said.';
      return 'The answer, as long as Content-Length said. After its last byte the connection is free for the next request.';
    case 'chunk':
      return chunkSentence(detail.size, detail.content);
    case 'frame':
      return frameSentence(step, detail);
    case 'raw':
      return 'These bytes can’t be taken apart: too many came at once, and the recorder left some out before them.';
    case 'end':
      return detail.by === 'client'
        ? 'The browser closed the TCP connection. That is how a client ends an answer that has no end.'
        : 'The hub closed the TCP connection.';
  }
}

function askedSentence(purpose: Purpose): string {
  if (purpose !== 'publish') return INSPECTED[purpose].asked;
  return 'The browser appends a message to the channel. The answer comes once the log has it.';
}

function answerSentence({ head, parkedMs }: Extract<Detail, { kind: 'answer' }>, purpose: Purpose): string {
  const status = Number(head.start.split(' ')[1]);
  if (status === 304)
    return 'Nothing is new since the answer that the browser has, as If-None-Match named it: no body is sent.';
  if (status >= 400) return 'The hub refuses. The body says why.';
  if (purpose === 'publish') return 'The log has the message, and has given it its position.';
  return INSPECTED[purpose].answered(parkedMs);
}

function chunkSentence(size: number, content: ChunkContent): string {
  if (size === 0) return 'A chunk of size 0 ends the answer. The connection can serve another request.';
  if (content.kind === 'events') {
    if (content.lines.some(({ name }) => name === 'retry'))
      return 'The opening: a long comment, as some proxies hold the first kilobytes back; how long to wait before coming back; and the position, as the id of an event that nobody need listen to.';
    if (content.lines.some(({ kind }) => kind === 'position'))
      return 'A sign of life: an event that nobody need listen to keeps the connection from looking idle, and its id moves the position.';
    if (content.lines.some(({ kind }) => kind === 'dispatch'))
      return 'A line with the chunk’s size in hexadecimal, then the event: a field a line, and the blank line that hands it to the page.';
    return 'A sign of life: a comment keeps the connection from looking idle.';
  }
  if (content.kind === 'envelopes') return envelopesSentence(content.envelopes);
  if (content.kind === 'lines' && content.lines.every((line) => line === ''))
    return 'An empty line: a sign of life that carries no message.';
  if (content.kind === 'lines')
    return 'A line with the chunk’s size in hexadecimal, then a message as a line of JSON.';
  return 'A line with the chunk’s size in hexadecimal, then the data.';
}

function envelopesSentence(envelopes: readonly Envelope[]): string {
  if (envelopes.length === 0)
    return 'A line with the chunk’s size in hexadecimal, then a part of an envelope: the rest is in the next chunk.';
  if (envelopes.some(({ flags }) => flags & END_OF_STREAM))
    return 'The last envelope says how the call ended. In gRPC trailers do that, which browsers do not hand to pages.';
  if (envelopes.every(({ text }) => text.startsWith('{"heartbeat"')))
    return 'A heartbeat: an event that carries no message, and says where the stream stands.';
  return 'A line with the chunk’s size in hexadecimal, then the envelope: a byte of flags, four of length, and an event as JSON.';
}

/** What a message of graphql-transport-ws is for, by its type. */
const GRAPHQL_MEANINGS: Readonly<Record<string, string>> = {
  connection_init: 'The browser introduces itself, and may show a token here: nothing else is taken before.',
  connection_ack: 'The hub knows who is there. Operations may begin.',
  subscribe: 'An operation begins, under an id that the browser chooses.',
  next: 'A result of the operation with this id, as many share the WebSocket.',
  error: 'The operation ends: it could not be executed.',
  complete: 'The operation with this id is over.',
  ping: 'A sign of life is asked for, in text, so that pages can answer it.',
  pong: 'The answer to a ping.',
};

function frameSentence(
  { from }: Step,
  { header, payload, graphql }: Extract<Detail, { kind: 'frame' }>,
): string {
  if (header.opcode === 8) return closeSentence(from === 'client' ? 'The browser' : 'The hub', payload);
  if (header.opcode === 9)
    return 'The hub asks for a sign of life. Browsers answer by themselves; a page can neither send pings nor see them.';
  if (header.opcode === 10) return 'The browser answers the ping, with the same payload.';
  if (isControl(header.opcode)) return 'A control frame.';
  const length = `Its length fits in ${header.lengthBits} bits, so the header takes ${header.bytes} bytes.`;
  if (graphql) return `${GRAPHQL_MEANINGS[graphql.type] ?? 'A message of graphql-transport-ws.'} ${length}`;
  return from === 'client'
    ? `Frames of browsers are masked with a random key, so that a page can’t make bytes that a proxy takes for HTTP. ${length}`
    : `Frames of servers are not masked. ${length}`;
}

const CLOSE_MEANINGS: Readonly<Record<number, string>> = {
  [CLOSE.normal]: 'the purpose is fulfilled',
  1001: 'the page is left',
  [CLOSE.tooBig]: 'a message was too big',
  [CLOSE.internal]: 'something failed inside',
  [CLOSE.restart]: 'the node restarts',
  [CLOSE.tryLater]: 'try again later',
  [CLOSE.silent]: 'the other end was silent for too long',
  [CLOSE.tooMany]: 'too many connections or publishes',
  [CLOSE.invalid]: 'a frame could not be understood',
  [CLOSE.unauthenticated]: 'a token is needed',
  [CLOSE.forbidden]: 'not allowed',
  [CLOSE.notFound]: 'nothing is there',
};

export function closeSentence(closer: string, payload: Uint8Array): string {
  const { code, reason } = readClose(payload);
  if (code === undefined) return `${closer} closes the WebSocket without saying why.`;
  const said = reason === '' ? '' : ` It adds: “${reason}”.`;
  const back = comesBack(code)
    ? 'A client may come back with its position.'
    : 'Coming back unchanged would be refused again.';
  return `${closer} closes the WebSocket: ${code}, ${CLOSE_MEANINGS[code] ?? 'a code of its own'}.${said} ${back}`;
}
