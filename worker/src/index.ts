export { purgeExpired } from './maintenance/purge-expired.ts';
export { startWorker } from './start.ts';
