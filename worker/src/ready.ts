import { type Database, isMigrated, logState, logWarnings } from '@fechatter/drizzle';
import type { ReadyCheck } from '@fechatter/service-kit';
import { waitingChecks } from './file-checks/waiting-checks.ts';
import { waitingMails } from './mail/mail-jobs.ts';
import { jobStates } from './maintenance/job-states.ts';
import { waitingPushes } from './push/waiting-pushes.ts';
import type { WorkerNames } from './metrics.ts';
import type { Work } from './work.ts';

export interface ReadyOptions {
  readonly db: Database;
  readonly work: Work;
  readonly names: WorkerNames;
}

/**
 * What a worker needs in order to work. A failing job or consumer is a warning: the others continue, and another
 * process would fail too.
 */
export function workerChecks({ db, work, names }: ReadyOptions) {
  return async (): Promise<readonly ReadyCheck[]> => {
    try {
      if (!(await isMigrated(db)))
        return [{ name: 'database', ok: false, detail: 'not migrated to what this build needs' }];
      const failing = (await jobStates(db, names.jobs)).filter(({ failures }) => failures > 0);
      const { failing: failingMails } = await waitingMails(db);
      const { failing: failingChecks } = await waitingChecks(db);
      const { refusedKeys } = await waitingPushes(db);
      const inTheWay = work.consumers.filter(({ failedAttempts }) => failedAttempts > 0);
      return [
        checked('database', logWarnings(await logState(db.pool))),
        checked(
          'maintenance',
          failing.map(({ name, failures }) => `${name} failed ${failures} times in a row`),
        ),
        checked('mail', failingMails > 0 ? [`${failingMails} mails cannot be sent; trying again`] : []),
        checked(
          'pushes',
          refusedKeys.map(
            ({ kind, subscriptions }) => `push services refuse the key of ${kind} for ${subscriptions} subscriptions`,
          ),
        ),
        checked('files', failingChecks > 0 ? [`${failingChecks} files cannot be checked; trying again`] : []),
        checked(
          'consumers',
          inTheWay.map(({ name, failedAttempts }) => `${name} is stuck: ${failedAttempts} attempts failed`),
        ),
      ];
    } catch {
      return [{ name: 'database', ok: false, detail: 'cannot be reached' }];
    }
  };
}

function checked(name: string, warnings: readonly string[]): ReadyCheck {
  return { name, ok: true, ...(warnings.length > 0 && { warning: warnings.join('; ') }) };
}
