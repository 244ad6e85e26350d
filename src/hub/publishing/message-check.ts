import { dataOf, givenPayload } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { isSchema, type MessageSchema, type StandardSchemaV1 } from '../../protocol/standard-schema.ts';
import { asFault, checkedBy } from '../schema-check.ts';
import type { Publication } from './publication.ts';

/**
 * The publication with what its channel's schema makes of the data.
 * @throws FanwireError `invalid_data`; TypeError for a schema that returns what can't be published
 */
export async function checkedPublication(
  schema: MessageSchema,
  publication: Publication,
): Promise<Publication> {
  const { channel, type, payload } = publication;
  const what = type === undefined ? `data for ${channel}` : `data of type ${type} for ${channel}`;
  const output = await checkedBy(schemaFor(schema, channel, type), dataOf(payload), what);
  try {
    return { ...publication, payload: givenPayload(output) };
  } catch (error) {
    return asFault(error, `what the schema of ${channel} returns: `);
  }
}

/** The same for what the program has made of a client's publish, whose own data has passed. @throws TypeError */
export async function recheckedPublication(
  schema: MessageSchema,
  publication: Publication,
): Promise<Publication> {
  return checkedPublication(schema, publication).catch((error: unknown) =>
    asFault(error, 'as beforePublish gave it: '),
  );
}

function schemaFor(schema: MessageSchema, channel: string, type: string | undefined): StandardSchemaV1 {
  if (isSchema(schema)) return schema;
  if (type !== undefined && Object.hasOwn(schema, type)) return schema[type]!;
  const types = Object.keys(schema).join(', ');
  throw new FanwireError(
    'invalid_data',
    `a message for ${channel} has a type, one of ${types}: ${type === undefined ? 'none was given' : `not ${type}`}`,
  );
}
