import type { PresenceReply } from '../../protocol/frames.ts';
import type { Hub } from '../hub.ts';

/**
 * One page of who is on a channel, and how many there are.
 * @param limit the most members; 0 for their number alone
 * @param after `next` of the page before
 * @throws FanwireError `log_unavailable`
 */
export async function membersPage(
  { presence, limits }: Hub,
  channel: string,
  limit = limits.pageMembers,
  after?: string,
): Promise<PresenceReply> {
  const maxMembers = Math.min(limit, limits.pageMembers);
  const count = await presence.count(channel);
  return maxMembers === 0
    ? { members: [], count }
    : { ...(await presence.page(channel, maxMembers, after)), count };
}
