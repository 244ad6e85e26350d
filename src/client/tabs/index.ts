export * from '../index.ts';
export { connect, type TabsClient, type TabsOptions } from './connect.ts';
export type { TabStatus } from './status.ts';
