/** What every schema of zod, valibot, arktype and others has: https://standardschema.dev, whose types are meant to be copied. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What the messages of a channel have to be: one schema for all, or one for each type of message. */
export type MessageSchema = StandardSchemaV1 | Readonly<Record<string, StandardSchemaV1>>;

export function isSchema(value: unknown): value is StandardSchemaV1 {
  // Those of arktype are functions.
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  const standard = isObject && '~standard' in value ? value['~standard'] : undefined;
  return typeof standard === 'object' && standard !== null && 'validate' in standard;
}
