/** What an operation may ask for. The error of one that asks for more names the option: `query_too_complex`. */
export interface OperationLimits {
  /** Fields within fields, fragments unfolded. Default: 20. */
  readonly maxDepth: number;
  /** Fields, fragments unfolded: `messages` counts 100, `publish` 10, every other one 1. Default: 1,000. */
  readonly maxCost: number;
  /** Fields that are given another name, fragments unfolded. Default: 30. */
  readonly maxAliases: number;
  /** Words and signs of a document. Default: 1,000. */
  readonly maxTokens: number;
}

export interface GraphQLOptions extends Partial<OperationLimits> {
  /** Below the base path. Default: '/graphql'. */
  readonly path?: string;
  /** Whether the schema can be asked for. Default: true. */
  readonly introspection?: boolean;
}

export const DEFAULT_OPTIONS: Required<GraphQLOptions> = {
  path: '/graphql',
  introspection: true,
  maxDepth: 20,
  maxCost: 1000,
  maxAliases: 30,
  maxTokens: 1000,
};

/** @throws TypeError for an option that is unknown or can't hold */
export function optionsOf(given: GraphQLOptions): Required<GraphQLOptions> {
  const options: Required<GraphQLOptions> = { ...DEFAULT_OPTIONS, ...given };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULT_OPTIONS, name)) throw new TypeError(`graphql: there is no option ${name}`);
    if (name.startsWith('max') && !(Number.isSafeInteger(value) && (value as number) > 0)) {
      throw new TypeError(`graphql: ${name} takes a whole number, 1 or more, not ${value}`);
    }
  }
  if (!/^(\/[\w.~-]+)+$/.test(options.path)) {
    throw new TypeError(`graphql: path takes a path such as /graphql, not ${JSON.stringify(options.path)}`);
  }
  if (typeof options.introspection !== 'boolean')
    throw new TypeError('graphql: introspection takes true or false');
  return options;
}
