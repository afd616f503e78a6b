import { type Database, isMigrated, isNumbered, logState, logWarnings } from '@fechatter/drizzle';
import type { ReadyCheck } from '@fechatter/service-kit';
import type { RunningStreams } from './start-streams.ts';

export interface ReadyOptions {
  readonly streams: Pick<RunningStreams, 'hub' | 'isFresh'>;
  readonly db: Database;
}

/** The conditions for delivery: notify follows the log, and knows its format. */
export function notifyChecks({ streams, db }: ReadyOptions) {
  const database = async (): Promise<ReadyCheck> => {
    try {
      if (await isMigrated(db)) {
        const state = await logState(db.pool);
        const warning = logWarnings(state).join('; ');
        if (!isNumbered(state)) return { name: 'database', ok: false, detail: warning };
        return { name: 'database', ok: true, ...(warning !== '' && { warning }) };
      }
      return { name: 'database', ok: false, detail: 'not migrated to what this build needs' };
    } catch {
      return { name: 'database', ok: false, detail: 'cannot be reached' };
    }
  };
  return async (): Promise<readonly ReadyCheck[]> => {
    const { unknownCode } = streams.hub;
    return [
      await database(),
      streams.isFresh()
        ? { name: 'event log', ok: true }
        : { name: 'event log', ok: false, detail: 'not read in the last 2 s' },
      unknownCode === undefined
        ? { name: 'event kinds', ok: true }
        : { name: 'event kinds', ok: false, detail: `kind ${unknownCode} is not known to this build: redeploy` },
    ];
  };
}
