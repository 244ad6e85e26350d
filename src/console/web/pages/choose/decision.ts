import type { TransportName } from '../../../../client/index.ts';
import { PICKS } from '../../transports.ts';

/** What the choice hangs on. Undefined: not answered yet. */
export type Answers = { readonly [Name in QuestionName]?: boolean };

type QuestionName = Exclude<keyof typeof PICKS, 'none'>;

export interface Question {
  readonly name: QuestionName;
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

/** Picks the simplest transport that meets the need: the first question with a yes decides. */
export function decide(answers: Answers): Decision {
  for (const question of QUESTIONS) {
    const answer = answers[question.name];
    if (answer === undefined) return { kind: 'asking', question };
    if (answer) return { kind: 'decided', ...PICKS[question.name] };
  }
  return { kind: 'decided', ...PICKS.none };
}
