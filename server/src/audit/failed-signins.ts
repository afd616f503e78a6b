import { type Database, inTransaction } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { appendAudit, type AuditOrigin } from './append-audit.ts';

type Failure = 'account.signInFailed' | 'account.secondFactorFailed';

/** Notes failed sign-ins of accounts that exist. */
export interface FailedSignIns {
  /** Does not wait, because the response time must not reveal whether the account exists. */
  note(userId: string, origin: Omit<AuditOrigin, 'actorId'>, failure?: Failure): void;
  /** Resolves when everything noted so far is written, or was given up. */
  settled(): Promise<void>;
}

/** The limits of sign-ins apply first; above this many at once, failures go only to the log. */
const AT_ONCE_MAX = 100;

export function createFailedSignIns(db: Database, log: Log): FailedSignIns {
  const writing = new Set<Promise<void>>();
  return {
    note(userId, { address, requestId }, action = 'account.signInFailed') {
      const lost = (err?: unknown) => log.warn({ err, userId, requestId }, 'a failed sign-in is not in the audit log');
      if (writing.size >= AT_ONCE_MAX) return lost();
      const origin = { actorId: null, address, requestId };
      const write = inTransaction(db, (tx) => appendAudit(tx, origin, [{ action, userId }]))
        .catch(lost)
        .finally(() => writing.delete(write));
      writing.add(write);
    },
    async settled() {
      await Promise.all(writing);
    },
  };
}
