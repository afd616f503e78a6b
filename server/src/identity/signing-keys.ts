import { type Database, schema, sql } from '@fechatter/drizzle';
import type { PublishedKey, SigningKey } from '@fechatter/service-kit';

/** The public halves of all published keys. */
export async function publishedKeys({ tables }: Database): Promise<PublishedKey[]> {
  const rows = await tables.select().from(schema.signingKeys).orderBy(schema.signingKeys.kid);
  return rows.map(({ kid, publicJwk }) => ({ kid, jwk: publicJwk as PublishedKey['jwk'] }));
}

/** Publishes the public halves of these keys; returns how long ago each was published, by the database's clock. */
export async function publishKeys({ pool, tables }: Database, keys: readonly SigningKey[]) {
  const rows = keys.map(({ kid, jwk: { kty, crv, x } }) => ({ kid, publicJwk: { kty, crv, x } }));
  const set = { lastUsedAt: sql`now()` };
  await tables.insert(schema.signingKeys).values(rows).onConflictDoUpdate({ target: schema.signingKeys.kid, set });
  const { rows: ages } = await pool.query<{ kid: string; age_ms: number }>(
    `select kid, (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as age_ms from signing_keys
     where kid = any ($1)`,
    [keys.map(({ kid }) => kid)],
  );
  return new Map(ages.map(({ kid, age_ms: ageMs }) => [kid, ageMs]));
}
