import type { Preferences } from '@fechatter/contract';
import { preferencesOf, type PreferencesRow, preferencesSql, type Queryable } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A person's preferences. */
export async function readPreferences(db: Queryable, userId: string): Promise<Preferences> {
  const { rows } = await db.query<PreferencesRow>({ name: 'user-preferences', text: preferencesSql, values: [userId] });
  if (rows[0] === undefined) throw refuse('user_not_found');
  return preferencesOf(rows[0]);
}
