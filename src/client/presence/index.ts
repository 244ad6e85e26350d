export type { Member } from '../../protocol/frames.ts';
export type { PresenceChange } from './changes.ts';
export { type PresenceList, type PresenceListOptions, presenceList } from './presence-list.ts';
