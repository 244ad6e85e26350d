export type { RedisClient } from './driver.ts';
export { type RedisLogOptions, redisLog } from './redis-log.ts';
