export { startPostgres, type EmbeddedPostgres, type StartOptions } from './start-postgres.ts';
