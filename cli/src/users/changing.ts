import { createNotifier, type Database } from '@fechatter/drizzle';
import type { ProfileDeps } from '@fechatter/server';

/** The dependencies of a change to a person from outside a server; running servers learn of it from the log. */
export function changing(db: Database): ProfileDeps {
  return { db, notifier: createNotifier(db.pool), revoked: { add: () => {} } };
}
