import type { StandardSchemaV1 } from '../standard-schema.ts';
import type { Jsoned } from './json.ts';

/** What a schema takes: what is sent. `unknown` where there is no schema. */
export type InputOf<Schema> = Schema extends StandardSchemaV1
  ? NonNullable<Schema['~standard']['types']>['input']
  : unknown;

/** What a schema returns: what the hub goes on with. */
export type OutputOf<Schema> = Schema extends StandardSchemaV1
  ? NonNullable<Schema['~standard']['types']>['output']
  : unknown;

/** What a schema returns, as it comes to a client. */
export type ReceivedOf<Schema> = Jsoned<OutputOf<Schema>>;
