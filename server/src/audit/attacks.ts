import { type Database, inTransaction } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import { queueNotice } from '../mail/queue-mail.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { appendAudit, type AuditOrigin } from './append-audit.ts';

/** Notifies the owners of accounts whose passwords are being guessed. */
export interface Attacks {
  /** Does not wait, because the response time must not reveal whether the account exists. At most once an hour. */
  note(userId: string, origin: Omit<AuditOrigin, 'actorId'>, guessed?: 'password' | 'code'): void;
  /** Resolves when everything noted so far is written, or was given up. */
  settled(): Promise<void>;
}

/** Above this many at once, notifications are skipped until the next guess. */
const AT_ONCE_MAX = 20;

interface AttacksDeps {
  readonly db: Database;
  readonly limits: RateLimits;
  readonly log: Log;
  readonly config: Pick<Config<'server'>, 'mail'>;
}

export function createAttacks({ db, limits, log, config }: AttacksDeps): Attacks {
  const writing = new Set<Promise<void>>();
  const write = async (
    userId: string,
    { address, requestId }: Omit<AuditOrigin, 'actorId'>,
    guessed: 'password' | 'code',
  ) => {
    if (!(await limits.isWithin('attackReported', userId, guessed))) return;
    const origin = { actorId: null, address, requestId };
    await inTransaction(db, async (tx) => {
      await appendAudit(tx, origin, [{ action: 'account.attacked', userId }]);
      await queueNotice(tx, config, { kind: guessed === 'code' ? 'codeAttack' : 'attack', userId });
    });
    log.warn({ userId, requestId }, `the ${guessed} of an account is being guessed`);
  };
  return {
    note(userId, origin, guessed = 'password') {
      if (writing.size >= AT_ONCE_MAX) return;
      const written = write(userId, origin, guessed)
        .catch((err: unknown) => log.warn({ err, userId }, 'an attack on an account is not in the audit log'))
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    async settled() {
      await Promise.all(writing);
    },
  };
}
