import type { GraphQLMessage } from './dissect/graphql-message.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  id: 'Which of the operations on this WebSocket it is about.',
  type: 'What kind of message it is.',
  payload: 'What is in the envelope.',
};

/** A message of graphql-transport-ws: the envelope by its members, as they stand in it, and the payload. */
export function GraphQLMessageView({ message }: { message: GraphQLMessage }) {
  return (
    <>
      <h4>In it: a message of graphql-transport-ws</h4>
      <dl class="fields">
        {Object.entries(message).map(([name, value]) => (
          <div key={name} class="noted">
            <dt>{name}</dt>
            <dd>
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
              <p class="meaning">{MEANINGS[name]}</p>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
