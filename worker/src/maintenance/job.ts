import type { Notifier, Database } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';

/** What a job may use. */
export interface JobDeps {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly log: Log;
  readonly config: Pick<Config<'worker'>, 'database'>;
}

/** Something that has to be done now and then, by any worker. */
export interface Job {
  /** The key of its row in maintenance_jobs, for good. */
  readonly name: string;
  /** From the end of one run to the next. */
  readonly everyMs: number;
  /**
   * Does all that there is to do, in transactions of bounded size, and stops between them when `signal` aborts. Nearly
   * always it runs alone; but a worker that was stopped in its tracks may go on beside the one that took its job over, so
   * each transaction judges by itself what is left to do.
   */
  readonly run: (deps: JobDeps, signal: AbortSignal) => Promise<unknown>;
}
