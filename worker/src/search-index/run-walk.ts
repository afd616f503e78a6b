import { endIndex, inTransaction, isUnavailable } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';
import type { JobDeps } from '../maintenance/job.ts';
import type { SearchWork } from './search-work.ts';
import { beginIfMadeOtherwise, stepWalk } from './walk.ts';

export interface RunWalkOptions {
  readonly deps: Pick<JobDeps, 'db' | 'log'>;
  /** Undefined: search is off, and its stored tokens are deleted. */
  readonly search: SearchWork | undefined;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

const POLL_MS = 2_000;
/** The pause between two steps of a walk, so that the consumer gets its turn. */
const PAUSE_MS = 5;

/**
 * Builds generations of the index until `signal` aborts, beside the consumer, and drops unused ones. Any number of
 * workers may do so: each step is done by one of them.
 */
export function runWalk({ deps, search, signal, pollMs = POLL_MS }: RunWalkOptions): { readonly ended: Promise<void> } {
  const { db, log } = deps;
  const pause = (ms: number) => wait(ms, undefined, { signal, ref: false }).catch(() => {});
  // Compared once per process: while workers with different settings run side by side, each would otherwise keep
  // undoing the other's work.
  let isCompared = false;
  const compare = async () => {
    if (search === undefined) await inTransaction(db, endIndex);
    else if (await beginIfMadeOtherwise(db, search.making)) log.info('the index of messages is being rebuilt');
    isCompared = true;
  };
  const step = async (): Promise<boolean> => {
    if (!isCompared) await compare();
    const { did } = search === undefined ? { did: 'nothing' } : await stepWalk(db, search.maker);
    if (did === 'finished') log.info('an index of messages is complete and in use');
    const hasMore = did === 'walked' || did === 'indexed';
    if (!hasMore) await db.pool.query('select search_drop_retired()');
    return hasMore;
  };
  const work = async () => {
    while (!signal.aborted) {
      const hasMore = await step().catch((error: unknown) => {
        if (!isUnavailable(error)) log.error({ err: error }, 'the index of messages cannot be built; trying again');
        return false;
      });
      await pause(hasMore ? PAUSE_MS : pollMs);
    }
  };
  return { ended: work() };
}
