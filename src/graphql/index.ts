export { graphql } from './endpoint.ts';
export type { GraphQLOptions, OperationLimits } from './options.ts';
export { PubSub, type PubSubOptions, type PubSubStart } from './pub-sub.ts';
export { SDL } from './schema.ts';
