import type { StandardSchemaV1 } from '../standard-schema.ts';
import type { InputOf, OutputOf, ReceivedOf } from './schemas.ts';

/** A request by its schemas: of what is asked, and of what is answered. */
export interface RequestDefinition {
  /** Checked by the hub before the handler is called. */
  readonly data?: StandardSchemaV1;
  /** Checked by the hub before the client gets the answer. */
  readonly answer?: StandardSchemaV1;
}

export type RequestDefinitions = Readonly<Record<string, RequestDefinition>>;

type SchemaIn<Definition, Member extends string> = Definition extends { readonly [_ in Member]: infer Schema }
  ? Schema
  : undefined;

/** What a client sends with a request. */
export type AskedOf<Definition> = InputOf<SchemaIn<Definition, 'data'>>;

/** What a handler is given. */
export type HandledOf<Definition> = OutputOf<SchemaIn<Definition, 'data'>>;

/** What a handler returns. */
export type GivenOf<Definition> = InputOf<SchemaIn<Definition, 'answer'>>;

/** What a client gets. */
export type AnswerOf<Definition> = ReceivedOf<SchemaIn<Definition, 'answer'>>;
