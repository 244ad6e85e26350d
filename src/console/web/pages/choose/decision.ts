import type { TransportName } from '../../../../client/index.ts';

/** What the choice hangs on. Undefined: not answered yet. */
export interface Answers {
  readonly bothSendOften?: boolean;
  readonly serverPushes?: boolean;
  readonly changesOften?: boolean;
}

export interface Question {
  readonly name: keyof Answers;
  readonly text: string;
  readonly hint: string;
}

export type Decision =
  | { readonly kind: 'asking'; readonly question: Question }
  | { readonly kind: 'decided'; readonly transport: TransportName; readonly why: string };

export const QUESTIONS: readonly Question[] = [
  {
    name: 'bothSendOften',
    text: 'Do both sides send often?',
    hint: 'Chat while typing, games, collaboration. A form sent now and then does not count: that is a POST.',
  },
  {
    name: 'serverPushes',
    text: 'Does the server have to speak first?',
    hint: 'Feeds, scores, notifications, progress, an answer typed out token by token.',
  },
  {
    name: 'changesOften',
    text: 'Does the data change more often than every 30 seconds?',
    hint: 'If not, asking now and then is enough, and any cache can answer.',
  },
];

/** The simplest technique that meets the need: the first yes decides, and three times no is polling. */
export function decide(answers: Answers): Decision {
  for (const question of QUESTIONS) {
    const answer = answers[question.name];
    if (answer === undefined) return { kind: 'asking', question };
    if (answer) return { kind: 'decided', ...YES[question.name] };
  }
  return {
    kind: 'decided',
    transport: 'polling',
    why: 'The data changes seldom, so a request now and then costs least and works everywhere.',
  };
}

const YES: Readonly<Record<keyof Answers, { transport: TransportName; why: string }>> = {
  bothSendOften: {
    transport: 'websocket',
    why: 'Both sides send often, so one connection that carries frames both ways costs least a message.',
  },
  serverPushes: {
    transport: 'sse',
    why: 'The server pushes and the client mostly listens: one response that never ends, which browsers reconnect by themselves.',
  },
  changesOften: {
    transport: 'long-polling',
    why: 'The data changes often enough that polling would be late or wasteful, and a parked request is plain HTTP.',
  },
};
