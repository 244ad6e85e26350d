import { dataOf, givenPayload } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../../protocol/message.ts';
import type { Access } from '../authorisation/access.ts';
import type { BeforePublish } from '../options.ts';
import type { Publication, Sender } from './publication.ts';

/**
 * What is published once the program has been asked.
 * @param reportCause is told of what the hook throws that is not for the client
 * @throws FanwireError `publish_refused`, or the hook's own; TypeError for a message that the hook gave and that can't be one
 */
export async function askBeforePublish(
  hook: BeforePublish,
  access: Access,
  { client, address, headers }: Sender,
  publication: Publication,
  reportCause: (kind: string, error: unknown) => void,
): Promise<Publication> {
  const { channel, type, from, payload } = publication;
  const { subject } = access;
  const request = { channel, type, data: dataOf(payload), subject, client, from, address, headers };
  const changed = await asked(() => hook(request), reportCause);
  // It may come from the data: a line break in it would write events of its own into streams.
  if (changed?.type !== undefined && !isMessageType(changed.type)) {
    throw new TypeError(`type, as beforePublish gave it: ${MESSAGE_TYPE_RULE}`);
  }
  if (!changed) return publication;
  // A hook that only adds to the data keeps the type, which clients of its channel may tell messages apart by.
  return {
    ...publication,
    payload: givenPayload(changed.data),
    type: 'type' in changed ? changed.type : type,
  };
}

async function asked<Answer>(
  hook: () => Answer | Promise<Answer>,
  reportCause: (kind: string, error: unknown) => void,
): Promise<Answer> {
  try {
    return await hook();
  } catch (error) {
    if (error instanceof FanwireError) throw error;
    // It may tell of the program's inside, a database's address for example: that is for its own log.
    reportCause('publish_refused', error);
    throw new FanwireError('publish_refused', 'the hub does not take this message');
  }
}
