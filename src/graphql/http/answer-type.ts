import { memo } from '../../server/memo.ts';
import { qualitiesIn } from '../../server/negotiation.ts';

const RESPONSE = 'application/graphql-response+json';
const EVENTS = 'text/event-stream';

/** In what an operation is answered. */
export type AnswerType = typeof RESPONSE | 'application/json' | typeof EVENTS;

/**
 * How a query or a mutation is to be answered: JSON without a header, and as events where nothing else is taken
 * (GraphQL over HTTP, section 6.1). Undefined for a client that takes neither.
 */
export const answerTypeFor = memo((accept): AnswerType | undefined => {
  const qualityOf = qualitiesIn(accept);
  // Of two that a client likes equally, the one that it asks for by name.
  const json: AnswerType[] = accept.includes(RESPONSE)
    ? [RESPONSE, 'application/json']
    : ['application/json', RESPONSE];
  const [best] = [...json, EVENTS as AnswerType].sort((a, b) => qualityOf(b) - qualityOf(a));
  return qualityOf(best!) > 0 ? best : undefined;
});

/** Whether a subscription can be answered. */
export const takesEvents = memo((accept) => qualitiesIn(accept)(EVENTS) > 0);
