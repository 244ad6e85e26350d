import { buildSchema } from 'graphql';

/** The channels as GraphQL sees them. */
export const SDL = `"Any value of JSON. Numbers of a message that was read come as they were published."
scalar JSON

"A place in the log: everything up to here is known. Where one is taken, start and now will do as well."
scalar Position

type Message {
  "To resume after it."
  id: Position!
  channel: String!
  type: String
  "The client that published it, as presence names it; null unless a client of the SDK did."
  from: String
  "When the hub took it, in Unix milliseconds."
  time: Float!
  data: JSON
  "base64, if data is bytes."
  encoding: String
}

"Messages after from, up to and including to, that can't be given any more."
type Gap {
  channel: String!
  from: Position!
  to: Position!
  "expired, trimmed or epoch."
  reason: String!
}

union Event = Message | Gap

type Page {
  messages: [Message!]!
  gaps: [Gap!]!
  "Where to read on, and where to subscribe so that nothing is missed in between."
  position: Position!
  "Whether there is more after position already."
  more: Boolean!
}

type Published {
  id: Position!
}

type Query {
  "What the channels have: after a position, the newest so many (last), or the newest 100."
  messages(channels: [String!]!, after: Position, last: Int, limit: Int): Page!
}

type Mutation {
  "Appends a message. A retry under the same idempotencyKey is answered with the first id."
  publish(
    channel: String!
    data: JSON!
    type: String
    "What it replaces, on a channel that conflates."
    key: String
    "base64, if data is bytes as base64."
    encoding: String
    idempotencyKey: String
  ): Published!
}

type Subscription {
  "What comes: after a position, from the newest so many on (last), or from now on."
  channel(names: [String!]!, after: Position, last: Int): Event!
}
`;

export const SCHEMA = buildSchema(SDL);
