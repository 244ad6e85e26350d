export type { RedisClient } from './driver.ts';
export type { RedisLogOptions } from './options.ts';
export { redisLog } from './redis-log.ts';
