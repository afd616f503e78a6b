import type { Identity } from '@fechatter/contract';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';

/** How many identities can lead to one account. */
export const IDENTITIES_MAX = 20;

/** What leads to an account, oldest first. */
export async function identitiesOf(
  { db, providers }: Pick<Deps, 'db' | 'providers'>,
  userId: string,
): Promise<z.infer<typeof Identity>[]> {
  const { rows } = await db.pool.query<{ id: string; issuer: string; createdAt: Date }>(
    `select id, issuer, created_at as "createdAt" from identities where user_id = $1 order by id limit $2`,
    [userId, IDENTITIES_MAX],
  );
  return rows.map((row) => ({
    ...row,
    provider: providers.list.find(({ issuer }) => issuer === row.issuer)?.id ?? null,
  }));
}
