import {
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { memo } from '../../server/memo.ts';
import { InvalidDocument } from '../errors.ts';
import type { GraphQLOptions } from '../options.ts';
import { SCHEMA } from '../schema.ts';
import { assertLimits } from './limits.ts';

/** What a client asks for, as it came. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation of a valid document that may be executed. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Read = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** The documents of clients. Subscribers of one page send the same: it is parsed and validated once. */
export class Documents {
  readonly #options: Required<GraphQLOptions>;
  readonly #read: (text: string) => Read;

  constructor(options: Required<GraphQLOptions>) {
    this.#options = options;
    const { maxTokens, introspection } = options;
    const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.#read = memo((text) => {
      try {
        const document = parse(text, { maxTokens });
        const errors = validate(SCHEMA, document, rules);
        return errors.length > 0 ? { errors } : { document };
      } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] };
        throw error;
      }
    });
  }

  /** @throws InvalidDocument, FanwireError `query_too_complex` */
  operation({ query, operationName, variables }: OperationRequest): Operation {
    const read = this.#read(query);
    if ('errors' in read) throw new InvalidDocument(read.errors);
    const { document } = read;
    const definition = chosenOperation(document, operationName);
    assertLimits(document, definition, this.#options);
    return { document, definition, operationName, variables: variables ?? {} };
  }
}

/** GraphQL, section 6.1: without a name, the document's only one. @throws InvalidDocument */
function chosenOperation(
  { definitions }: DocumentNode,
  operationName: string | null | undefined,
): OperationDefinitionNode {
  const operations = definitions.filter((one) => one.kind === 'OperationDefinition');
  const chosen =
    operationName == null ? operations : operations.filter(({ name }) => name?.value === operationName);
  if (chosen.length === 1) return chosen[0]!;
  const fault =
    operationName == null
      ? `the document has ${operations.length} operations: name one in operationName`
      : `the document has no operation ${JSON.stringify(operationName.slice(0, 60))}`;
  throw new InvalidDocument([new GraphQLError(fault)]);
}
