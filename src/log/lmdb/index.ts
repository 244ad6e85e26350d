export { type LmdbLogOptions, lmdbLog } from './lmdb-log.ts';
