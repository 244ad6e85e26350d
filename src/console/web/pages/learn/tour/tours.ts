import type { TcpTransport } from '../../../../../protocol/transport-name.ts';
import { readClose } from '../../inspector/dissect/frame.ts';
import { fieldOf } from '../../inspector/dissect/head.ts';
import { bytesOf } from '../../inspector/figures.ts';
import {
  afterPublish,
  duration,
  frame,
  framedBy,
  framingOf,
  headsOf,
  nth,
  type Stop,
  WAIT_SECONDS,
  withMessage,
} from './stop.ts';

/** The stops for each transport. A transport without a row here does not compile. */
export const TOURS: Readonly<Record<TcpTransport, readonly Stop[]>> = {
  polling: [
    {
      title: 'The page asks',
      what: 'A plain GET: what is new in the channel since this position?',
      why: 'The hub can’t begin, so the page has to ask, whether or not there is anything.',
      find: nth('request', 'client'),
      of: ['poll-heads'],
      reading: headsOf,
    },
    {
      title: 'The hub answers at once',
      what: 'The answer is complete: mostly an empty list and the position to ask with next.',
      why: 'Nothing in the request lets the hub wait. The head is as long as if there had been news.',
      find: nth('answer', 'server'),
      of: ['poll-timer'],
      reading: ({ detail }) =>
        detail.kind === 'answer' ? `Answered after ${duration(detail.parkedMs)}.` : undefined,
    },
    {
      title: 'And again, on a timer',
      what: 'The same request, with the position of the last answer.',
      why: 'The timer decides how late news may be, and what it costs when there is none.',
      find: nth('request', 'client', 1),
      of: ['poll-hour'],
      reading(step, steps) {
        const first = nth('request', 'client')(steps);
        if (!first) return undefined;
        const ms = step.at - first.at;
        return `Asked again after ${duration(ms)}: at that pace ${Math.round(3_600_000 / ms).toLocaleString('en')} requests an hour.`;
      },
    },
    {
      title: 'An event waits for the question',
      what: 'The hub has an event. It stays there until the page happens to ask.',
      why: 'On average that is half of the timer’s time. A shorter timer is paid for with requests.',
      find: withMessage('body'),
      act: 'publish',
      of: ['poll-late'],
      reading: afterPublish,
    },
  ],
  'long-polling': [
    {
      title: '1. Request',
      what: `The page asks what is new, and adds that the hub may take up to ${WAIT_SECONDS} s to answer.`,
      why: 'An open request is a way to the page. The longer it stays open, the longer the hub can speak.',
      find: nth('request', 'client'),
      of: ['poll-heads'],
      reading: headsOf,
    },
    {
      title: '2. Parked',
      what: 'There is nothing new, and the hub doesn’t say so. It keeps the request.',
      why: 'Not answering costs an event loop next to nothing. A server that spends a thread on it pays for the stack.',
      find: nth('request', 'client'),
      of: ['park'],
      silent: true,
      reading(step, steps) {
        const answer = steps.find(
          ({ exchange, detail }) => exchange === step.exchange && detail.kind === 'answer',
        );
        return answer?.detail.kind === 'answer'
          ? `It was parked for ${duration(answer.detail.parkedMs)}.`
          : 'It is parked now: the bar in the diagram grows.';
      },
    },
    {
      title: '3. An event, or the time limit',
      what: `Publish an event, or wait: after ${WAIT_SECONDS} s the hub answers with an empty list.`,
      why: 'Without a limit a proxy would cut the request, and the page could not tell silence from a dead hub.',
      find: nth('answer', 'server'),
      act: 'publish',
      of: ['park', 'near-instant', 'proxies-cut'],
      reading(step, steps) {
        if (step.detail.kind !== 'answer') return undefined;
        const { parkedMs } = step.detail;
        const brought = steps.some(({ exchange, tally }) => exchange === step.exchange && tally.messages > 0);
        const parked = `The request was parked for ${duration(parkedMs)}.`;
        return brought ? `${parked} ${afterPublish(step, steps) ?? ''}` : `${parked} It was the time limit.`;
      },
    },
    {
      title: '4. Answer',
      what: 'The answer is complete, with all that there is by now, and the position behind it.',
      why: 'One answer is one delivery: after its last byte the hub can’t speak any more.',
      find: nth('body', 'server'),
      of: ['park'],
      reading: ({ tally, length }) =>
        `${tally.messages === 1 ? 'One message is' : `${tally.messages} messages are`} in its ${bytesOf(length)}.`,
    },
    {
      title: '5. And again',
      what: 'The page asks again at once, with the new position.',
      why: 'Between answer and question nobody listens. The position covers that time: nothing is lost in it.',
      find: nth('request', 'client', 1),
      of: ['ask-again', 'window'],
      reading(step, steps) {
        const answered = nth('body', 'server')(steps);
        return answered && `Nobody listened for ${duration(step.at - answered.until)}.`;
      },
    },
  ],
  sse: [
    {
      title: 'The page opens an EventSource',
      what: 'A GET that accepts text/event-stream.',
      why: 'The browser has a client for it built in, so that the page needs no code to read or to come back.',
      find: nth('request', 'client'),
    },
    {
      title: 'An answer without end',
      what: 'The head has no Content-Length: the body comes in chunks, each with its size before it.',
      why: 'One answer for many messages: what long polling pays with each of them is paid once.',
      find: nth('answer', 'server'),
      of: ['sse-response', 'sse-chunked'],
      reading: framedBy,
    },
    {
      title: 'The opening',
      what: 'A padded comment, how long to wait before coming back, and the position.',
      why: 'Some proxies hold the first kilobytes back; the padding pushes the rest through.',
      find: nth('chunk', 'server'),
      of: ['sse-buffered'],
      reading: ({ length }) => `The opening takes ${bytesOf(length)}, once a connection.`,
    },
    {
      title: 'An event',
      what: 'A field a line, and a blank line that hands the event to the page.',
      why: 'Text that a person can read. Bytes have to be written as text here.',
      find: withMessage('chunk'),
      act: 'publish',
      of: ['near-instant', 'sse-fields', 'sse-one-way'],
      reading: (step, steps) =>
        `${afterPublish(step, steps) ?? ''} Around the message stand ${bytesOf(step.tally.framing)}.`,
    },
    {
      title: 'The browser comes back by itself',
      what: 'Cut the connection: the browser waits, asks again, and says what it has already.',
      why: 'With the last id the hub goes on where the connection broke, and nothing is lost.',
      find: (steps) =>
        steps.find(({ detail }) => detail.kind === 'request' && fieldOf(detail.head, 'last-event-id')),
      act: 'cut',
      of: ['sse-returns'],
      reading(step, steps) {
        const end = steps.findLast(({ detail, at }) => detail.kind === 'end' && at <= step.at);
        const id = step.detail.kind === 'request' && fieldOf(step.detail.head, 'last-event-id');
        return end && `Back after ${duration(step.at - end.at)}, with Last-Event-ID ${id}.`;
      },
    },
  ],
  'http-streaming': [
    {
      title: 'The page asks for lines',
      what: 'A GET by fetch that accepts lines of JSON.',
      why: 'As server-sent events without their format: for programs that read a body as it comes.',
      find: nth('request', 'client'),
    },
    {
      title: 'An answer without end',
      what: 'Chunks again, and in each a JSON object a line.',
      why: 'Nothing in fetch comes back by itself: after a cut the page’s own code has to ask with its position.',
      find: nth('answer', 'server'),
      reading: framedBy,
    },
    {
      title: 'A message',
      what: 'One line: the message with its position, channel and time.',
      why: 'A line break ends it. An empty line is a sign of life.',
      find: withMessage('chunk'),
      act: 'publish',
      reading: afterPublish,
    },
  ],
  websocket: [
    {
      title: 'The handshake: a request',
      what: 'A GET that asks to leave HTTP on this connection.',
      why: 'It begins as HTTP so that it goes through port 443 and a server may refuse. A proxy that doesn’t know Upgrade stops it here.',
      find: nth('request', 'client'),
      of: ['ws-request', 'ws-blocked'],
      reading: ({ detail }) => {
        if (detail.kind !== 'request') return undefined;
        const sent = ['Upgrade', 'Connection', 'Sec-WebSocket-Key'].map(
          (name) => `${name}: ${fieldOf(detail.head, name.toLowerCase()) ?? 'missing'}`,
        );
        return sent.join(', ');
      },
    },
    {
      title: 'The handshake: 101',
      what: 'The hub agrees, and proves with a hash of the key that it speaks WebSocket.',
      why: 'From the next byte on this is no HTTP: both sides send frames whenever they like.',
      find: nth('answer', 'server'),
      of: ['ws-answer'],
      reading: ({ detail }) =>
        detail.kind === 'answer'
          ? `${detail.head.start.split(' ')[1]} after ${duration(detail.parkedMs)}, with ${fieldOf(detail.head, 'sec-websocket-accept')}`
          : undefined,
    },
    {
      title: 'The hub begins',
      what: 'The first frame is the hub’s, and nobody asked for it: where the subscription stands.',
      why: 'This is what HTTP can’t do.',
      find: nth('frame', 'server'),
      of: ['ws-lengths'],
      reading: framingOf,
    },
    {
      title: 'A frame of the browser',
      what: 'What the page publishes goes up the same connection, masked with a random key.',
      why: 'The mask keeps a page from writing bytes that a proxy takes for HTTP.',
      find: frame('client', ({ opcode }) => opcode === 1 || opcode === 2),
      act: 'publish',
      of: ['ws-framing'],
      reading: framingOf,
    },
    {
      title: 'The message comes down',
      what: 'The hub acknowledges it, and sends the message to all who read the channel.',
      why: 'No head, no request: two bytes are enough before a short message.',
      find: frame('server', ({ opcode }, text) => opcode === 2 || text.startsWith('{"id"')),
      of: ['near-instant', 'ws-framing'],
      reading(step, steps) {
        const sent = steps.findLast(
          ({ from, at, tally }) => from === 'client' && tally.messages > 0 && at <= step.at,
        );
        return `${framingOf(step)}${sent ? ` It came ${duration(step.at - sent.until)} after the frame that brought it up.` : ''}`;
      },
    },
    {
      title: 'Ping and pong',
      what: 'The hub sends a ping of two bytes; the browser answers by itself, unseen by the page.',
      why: 'Signs of life keep a connection from looking idle to carriers and proxies, and tell a dead one from a silent one.',
      find: frame('server', ({ opcode }) => opcode === 9),
      act: 'ping',
      of: ['ws-opcodes', 'heartbeat'],
      reading(step, steps) {
        const pong = frame('client', ({ opcode }) => opcode === 10)(steps);
        return (
          pong &&
          `The pong came after ${duration(pong.at - step.at)}: ${step.length} and ${pong.length} bytes.`
        );
      },
    },
    {
      title: 'Close',
      what: 'A frame with a code says why; the other side answers with the same.',
      why: 'Without it nobody could tell an end from a cut. A WebSocket that was cut does not come back by itself.',
      find: frame('client', ({ opcode }) => opcode === 8),
      act: 'close',
      of: ['ws-opcodes', 'ws-drops'],
      reading: ({ detail }) =>
        detail.kind === 'frame'
          ? `Opcode ${detail.header.opcode}, code ${readClose(detail.payload).code}.`
          : undefined,
    },
  ],
};
