'use client';

export type { ChannelOptions, ChannelView, Folding } from './channel-store.ts';
export { createHooks, type Hooks, type TypedChannel, type TypedChannelOptions } from './create-hooks.ts';
export { FanwireProvider, type FanwireProviderProps } from './provider.ts';
export { type Channel, useChannel } from './use-channel.ts';
export { useClient } from './use-client.ts';
export { usePresence } from './use-presence.ts';
export { useStatus } from './use-status.ts';
