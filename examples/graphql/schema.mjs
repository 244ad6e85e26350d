// A schema of one's own over a channel. `newMessage` resumes: its client names the position of the last message that it has.
import { buildSchema, GraphQLError } from 'graphql';

/** @param {import('fanwire').FanwireHub} hub */
export function schemaOver(hub) {
  const schema = buildSchema(`
    type Query { hello: String! }
    type Mutation { say(text: String!, author: String!): NewMessage! }
    type Subscription { newMessage(position: ID): NewMessage! }
    type NewMessage { position: ID! text: String! author: String! }
  `);
  const { hello } = schema.getQueryType().getFields();
  hello.resolve = () => 'Hello';

  const { say } = schema.getMutationType().getFields();
  say.resolve = async (_, message) => {
    const { id } = await hub.publish('chat', message);
    return { position: id, ...message };
  };

  const { newMessage } = schema.getSubscriptionType().getFields();
  newMessage.subscribe = (_, { position }) => hub.events('chat', { after: position });
  newMessage.resolve = ({ message, gap }) => {
    if (gap) throw new GraphQLError(`messages are lost up to ${gap.to}`, { extensions: { gap } });
    return { position: message.id, ...message.data };
  };
  return schema;
}
