import type { TransportName } from '../../../../client/index.ts';
import { type Answers, decide } from '../choose/decision.ts';

export interface Scenario {
  /** Of its folder in `examples/scenarios`. */
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
  /** What the decision tree is told of it. */
  readonly answers: Answers;
  /** Why these are the answers. */
  readonly because: string;
}

const BOTH_SEND: Answers = { bothSendOften: true };
const SERVER_PUSHES: Answers = { bothSendOften: false, serverPushes: true };
const CHANGES_OFTEN: Answers = { bothSendOften: false, serverPushes: false, changesOften: true };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'qr-login',
    title: 'QR-code login',
    sentence: 'A screen shows a code, a phone confirms it, and the screen lets its user in.',
    answers: CHANGES_OFTEN,
    because: 'The screen asks one thing, and the answer comes within seconds.',
  },
  {
    name: 'chat',
    title: 'Chat',
    sentence: 'Messages in one order for all, who is here, and who is typing.',
    answers: BOTH_SEND,
    because: 'Everyone writes, and each keystroke is told to the others.',
  },
  {
    name: 'scores',
    title: 'Live scores',
    sentence: 'A board of matches, and the goals as they fall.',
    answers: SERVER_PUSHES,
    because: 'The server tells, the page listens.',
  },
  {
    name: 'notifications',
    title: 'Notifications',
    sentence: 'The server speaks first, and what was read in one tab is read in all.',
    answers: SERVER_PUSHES,
    because: 'Nobody knows when there will be news; a click now and then is a POST.',
  },
  {
    name: 'progress',
    title: 'Progress of a job',
    sentence: 'The server compresses a large file and says how far it is, through a reload of the page.',
    answers: SERVER_PUSHES,
    because: 'Started by one POST, followed by many messages one way.',
  },
  {
    name: 'editor',
    title: 'Text editor',
    sentence: 'One text that several people write at once; Yjs merges, the channel carries.',
    answers: BOTH_SEND,
    because: 'Each keystroke goes up, and everyone else’s come down.',
  },
  {
    name: 'game',
    title: 'Game',
    sentence: '60 messages a second each way, and monsters that the server moves.',
    answers: BOTH_SEND,
    because: 'Each player tells where it is, and is told where all are, at every frame.',
  },
  {
    name: 'iot',
    title: 'Sensors',
    sentence: 'This computer’s own readings: load, memory, disk, network, temperature.',
    answers: SERVER_PUSHES,
    because: 'Sensors tell, a dashboard listens.',
  },
  {
    name: 'ticker',
    title: 'Trading ticker',
    sentence: '200 price changes a second, conflated to what eyes can follow.',
    answers: SERVER_PUSHES,
    because: 'Prices come down; an order now and then is a POST.',
  },
  {
    name: 'ai-answer',
    title: 'Streamed answer',
    sentence: 'A text token by token, as assistants write; a reload in mid-sentence loses nothing.',
    answers: SERVER_PUSHES,
    because: 'One question up, some hundred tokens down.',
  },
];

export function scenarioNamed(name: string | undefined): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}

/** What the decision tree picks for it. */
export function pickFor({ answers }: Scenario): TransportName {
  const decision = decide(answers);
  if (decision.kind === 'asking') throw new Error(`the tree still asks: ${decision.question.text}`);
  return decision.transport;
}
