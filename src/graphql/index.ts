export { graphql } from './endpoint.ts';
export type { GraphQLOptions, OperationLimits } from './options.ts';
export { SDL } from './schema.ts';
