import type { Client } from '../../../../../client/index.ts';
import type { ClaimName } from '../../../../../field/claims.ts';
import type { TcpTransport } from '../../../../../protocol/transport-name.ts';
import { INSPECTED_CHANNEL } from '../../../../inspector/wire-record.ts';
import type { Purpose, Step } from '../../inspector/dissect/steps.ts';
import { ask, pause, publishByPost, type RequestStamp, socketTo } from '../../inspector/reader.ts';
import { type Row, rowsOf } from '../rows.ts';

const ASK_AFTER_MS = 2000;
const MESSAGES = 3;

interface Means {
  readonly stamp: RequestStamp;
  readonly fanwire: Client;
  readonly signal: AbortSignal;
}

/** When the hub had a message that nobody had asked for, by its clock; undefined where that is no part of it. */
type Outcome = number | undefined;

export interface Experiment {
  readonly title: string;
  readonly explains: string;
  /** What it shows. */
  readonly of: readonly ClaimName[];
  /** Lines of its diagram. */
  readonly lines: number;
  /** Whose colour it has. */
  readonly transport: TcpTransport;
  /** The requests that belong to it. */
  readonly purpose: Purpose;
  readonly run: (means: Means) => Promise<Outcome>;
  /** What the steps show, in a sentence. */
  readonly reading: (steps: readonly Step[], outcome: Outcome) => string;
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    title: 'Request and response',
    explains:
      'The page asked, and the hub had nothing. Then something happened on the hub. It knew, and had no way to say so, until the page asked again.',
    of: ['only-the-client', 'poll-late'],
    lines: 6,
    transport: 'polling',
    purpose: 'polling',
    async run({ stamp, fanwire, signal }) {
      const { position } = await ask(stamp, 'now', 0, signal);
      const { id } = await fanwire.publish(INSPECTED_CHANNEL, { news: 'something happened' });
      await pause(ASK_AFTER_MS, signal);
      const { messages } = await ask(stamp, position, 0, signal);
      return messages.find((message) => message.id === id)?.time;
    },
    reading(steps, knownAt) {
      const told = steps.findLast(({ detail }) => detail.kind === 'answer');
      if (!told || knownAt === undefined) return '';
      return `The hub knew for ${seconds(told.at - knownAt)} before it could say so: the page asks every ${seconds(ASK_AFTER_MS)} here, and the message came right after a request.`;
    },
  },
  {
    title: 'Half duplex',
    explains:
      'On an HTTP/1.1 connection the two sides take turns: a request, its answer, the next request. Three messages go up one after the other, because each waits for the answer to the one before.',
    of: ['polling/Direction', 'polling/Connection'],
    lines: 2 * MESSAGES,
    transport: 'polling',
    purpose: 'publish',
    async run({ stamp }) {
      for (let nth = 1; nth <= MESSAGES; nth++) await publishByPost(stamp, JSON.stringify({ nth }));
      return undefined;
    },
    reading: (steps) =>
      `${count(steps, isAsking)} requests took turns, on ${connectionsOf(steps)}: at most ${mostUnderWay(steps)} under way at a time. The direction holds; a new connection each time is no longer made, as HTTP/1.1 keeps it open.`,
  },
  {
    title: 'Full duplex',
    explains:
      'A WebSocket carries both ways at once. Three messages go up without waiting for anything. Then something happens on the hub, and this time the hub begins.',
    of: ['websocket/Direction', 'websocket/Connection', 'websocket/Delay'],
    lines: 16,
    transport: 'websocket',
    purpose: 'websocket',
    async run({ stamp, fanwire, signal }) {
      const socket = socketTo(stamp);
      signal.addEventListener('abort', () => socket.close());
      const heard = (told: (frame: { ack?: object; id?: string }) => boolean) =>
        new Promise<void>((resolve, reject) => {
          socket.addEventListener('message', ({ data }) => told(JSON.parse(data)) && resolve());
          socket.addEventListener('close', () => reject(new Error('the WebSocket closed')));
        });
      await heard((frame) => 'heartbeat' in frame);
      let acknowledged = 0;
      const all = heard(({ ack }) => ack !== undefined && ++acknowledged === MESSAGES);
      for (let nth = 1; nth <= MESSAGES; nth++) socket.send(JSON.stringify({ nth }));
      await all;
      const came = heard(({ id }) => id !== undefined);
      await fanwire.publish(INSPECTED_CHANNEL, { news: 'something happened' });
      await came;
      socket.close(1000);
      return undefined;
    },
    reading: (steps) =>
      `On one connection up to ${mostUnderWay(steps)} messages of the page were under way at once, and ${count(steps, isPushed)} messages came down without a request for any of them.`,
  },
];

/** The diagram of an experiment: what crossed the wire, and when the hub knew more than it could say. */
export function diagramOf(steps: readonly Step[], knownAt: Outcome): Row[] {
  const rows = rowsOf(steps, ASK_AFTER_MS);
  if (knownAt === undefined) return rows;
  const after = rows.findIndex((row) => row.kind === 'arrow' && row.at > knownAt);
  const next = rows[after];
  if (next?.kind !== 'arrow') return rows;
  return rows.toSpliced(
    after,
    0,
    { kind: 'event', key: 'event', at: knownAt, text: 'Something happens' },
    {
      kind: 'bar',
      key: 'silence',
      text: `the hub knows, and can’t say: ${seconds(next.at - knownAt)}`,
      share: 1,
    },
  );
}

const isAsking = ({ detail, from }: Step) =>
  detail.kind === 'request' || (detail.kind === 'frame' && from === 'client' && detail.header.opcode === 1);

const isAnswer = ({ detail, from }: Step) =>
  detail.kind === 'answer' ||
  (detail.kind === 'frame' && from === 'server' && textOf(detail).startsWith('{"ack"'));

const isPushed = ({ detail, from }: Step) =>
  detail.kind === 'frame' && from === 'server' && textOf(detail).startsWith('{"id"');

function textOf({ payload }: Extract<Step['detail'], { kind: 'frame' }>): string {
  return new TextDecoder().decode(payload);
}

function count(steps: readonly Step[], which: (step: Step) => boolean): number {
  return steps.filter(which).length;
}

/** How many messages of the browser were without an answer at once, at most. */
function mostUnderWay(steps: readonly Step[]): number {
  let underWay = 0;
  let most = 0;
  for (const step of steps) {
    if (isAsking(step)) underWay += 1;
    else if (isAnswer(step)) underWay -= 1;
    most = Math.max(most, underWay);
  }
  return most;
}

function connectionsOf(steps: readonly Step[]): string {
  const used = new Set(steps.flatMap(({ detail }) => (detail.kind === 'request' ? [detail.connection] : [])));
  return used.size === 1 ? 'one connection' : `${used.size} connections`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
