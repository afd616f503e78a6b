import { type Database, inTransaction } from '@fechatter/drizzle';
import type { RateLimits } from '../limits/rate-limits.ts';
import { appendAudit, type AuditOrigin } from './append-audit.ts';

/** A message that an app sends as a person. */
export interface KeySend {
  readonly serviceKeyId: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly chatId: string;
}

/** Notes which people an app's server sends messages as. */
export interface KeySends {
  /** At most once a day for a key, a person and a chat: an app may send as many messages as people do. */
  note(send: KeySend, origin: Omit<AuditOrigin, 'actorId' | 'serviceKeyId'>): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;
/** Beyond this many the database is asked again, which costs a query. */
const REMEMBERED_MAX = 10_000;

export function createKeySends(db: Database, limits: Pick<RateLimits, 'isWithin'>): KeySends {
  const notedAtMs = new Map<string, number>();
  return {
    async note({ serviceKeyId, userId, workspaceId, chatId }, origin) {
      const key = [serviceKeyId, userId, chatId].join(' ');
      if (performance.now() - (notedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < DAY_MS) return;
      if (await limits.isWithin('keySendsNoted', serviceKeyId, userId, chatId))
        await inTransaction(db, (tx) =>
          appendAudit(tx, { ...origin, actorId: null, serviceKeyId }, [
            { action: 'message.sentByKey', workspaceId, userId, details: { chatId } },
          ]),
        );
      notedAtMs.delete(key);
      notedAtMs.set(key, performance.now());
      const [oldest] = notedAtMs.keys();
      if (notedAtMs.size > REMEMBERED_MAX && oldest !== undefined) notedAtMs.delete(oldest);
    },
  };
}
