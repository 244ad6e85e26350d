import { GraphQLError } from 'graphql';
import type { Hub } from '../hub/hub.ts';
import type { FanwireError } from '../protocol/errors.ts';

/** What is wrong with a document, or with the choice among its operations. */
export class InvalidDocument extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('the document is not valid');
    this.errors = errors;
  }
}

/** A refusal of the hub as clients of GraphQL read one: the stable code stands in `extensions`. */
export function graphqlError({ message, code, retryAfter, issues }: FanwireError): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, ...(retryAfter !== undefined && { retryAfter }), ...(issues && { issues }) },
  });
}

/** What a client is told of an operation that was not begun. */
export function requestErrors(hub: Hub, error: unknown): readonly GraphQLError[] {
  if (error instanceof InvalidDocument) return error.errors;
  return error instanceof GraphQLError ? toldErrors(hub, [error]) : [graphqlError(hub.refuse(error))];
}

/**
 * What a client is told of the errors of an operation. Those of its document are its own business; what the hub refused is
 * counted, and a fault of the hub is told to the operator.
 */
export function toldErrors(hub: Hub, errors: readonly GraphQLError[]): readonly GraphQLError[] {
  return errors.map((error) => {
    const { originalError, nodes, path } = error;
    if (!originalError || originalError instanceof GraphQLError) return error;
    const { message, extensions } = graphqlError(hub.refuse(originalError));
    return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions });
  });
}
