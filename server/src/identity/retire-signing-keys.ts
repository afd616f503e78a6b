import type { Database } from '@fechatter/drizzle';
import type { Config } from '@fechatter/service-kit';
import { publishKeys } from './signing-keys.ts';

/** Twice what a token may live at most. */
const UNUSED_DAYS = 2;

/** Says that this server has its keys, and takes back those that none has had for longer than a token can live. */
export async function retireSigningKeys({
  db,
  config,
}: {
  readonly db: Database;
  readonly config: Pick<Config<'server'>, 'auth'>;
}): Promise<void> {
  await publishKeys(db, config.auth.signingKeys);
  await db.pool.query('delete from signing_keys where last_used_at < now() - make_interval(days => $1)', [UNUSED_DAYS]);
}
