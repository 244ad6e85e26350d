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

type Read = { readonly document: DocumentNode } | { readonly fault: unknown };

/** The documents of clients. Subscribers of one page send the same: it is parsed and validated once. */
export class Documents {
  readonly #read: (text: string) => Read;

  constructor(options: Required<GraphQLOptions>) {
    const rules = options.introspection
      ? specifiedRules
      : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.#read = memo((text) => {
      try {
        const document = parse(text, { maxTokens: options.maxTokens });
        assertLimits(document, options);
        const errors = validate(SCHEMA, document, rules);
        return errors.length > 0 ? { fault: new InvalidDocument(errors) } : { document };
      } catch (fault) {
        return { fault };
      }
    });
  }

  /** @throws InvalidDocument, GraphQLError for one that can't be parsed, FanwireError `query_too_complex` */
  operation({ query, operationName, variables }: OperationRequest): Operation {
    const read = this.#read(query);
    if ('fault' in read) throw read.fault;
    const { document } = read;
    const definition = chosenOperation(document, operationName);
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
