import { createNotifier, type Database } from '@fechatter/drizzle';
import type { ProfileDeps } from '@fechatter/server';

/** What it takes to change a person from outside of a server: those that run hear of it through the log. */
export function changing(db: Database): ProfileDeps {
  return { db, notifier: createNotifier(db.pool), revoked: { add: () => {} } };
}
