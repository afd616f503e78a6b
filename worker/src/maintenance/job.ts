import type { Notifier, Database } from '@fechatter/drizzle';
import type { FileStores } from '@fechatter/file-store';
import type { Config, Log } from '@fechatter/service-kit';

/** What a job may use. */
export interface JobDeps {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly log: Log;
  /** Where the content of files is. */
  readonly stores: FileStores;
  readonly config: Pick<Config<'worker'>, 'database'> & {
    readonly mail: Pick<Config<'worker'>['mail'], 'via' | 'mentionDigest'>;
  };
}

/** A job that any worker runs at an interval. */
export interface Job {
  /** The key of its row in maintenance_jobs; must never change. */
  readonly name: string;
  /** From the end of one run to the next. */
  readonly everyMs: number;
  /**
   * Does everything that is due, in transactions of bounded size, and stops between them when `signal` aborts. Nearly
   * always it runs alone; but a worker that was frozen may continue beside the one that took its job over, so each
   * transaction must check what remains to be done.
   */
  readonly run: (deps: JobDeps, signal: AbortSignal) => Promise<unknown>;
}
