const NAME = /^[A-Za-z0-9._:-]{1,200}$/;

/** Members who joined and left a channel are told of on a companion channel of this suffix. */
export const PRESENCE_SUFFIX = ':presence';

export function isChannelName(name: string): boolean {
  return NAME.test(name);
}

/** What a name that is refused should have been. */
export const CHANNEL_NAME_RULE = 'a channel name is 1 to 200 characters of A-Z a-z 0-9 . _ : -';
