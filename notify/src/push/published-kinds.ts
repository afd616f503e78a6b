import type { PushKind } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** The public key of pushes to browsers, which workers publish; throws push_off if there is none. */
export async function publishedKey(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ key: string }>(
    `select public_key as key from push_kinds where kind = 'WebPush' and public_key is not null`,
  );
  if (rows[0] === undefined) throw refuse('push_off');
  return rows[0].key;
}

/** Throws push_off if no worker sends pushes of this kind. */
export async function mustBeSent(db: Queryable, kind: PushKind): Promise<void> {
  const { rows } = await db.query('select from push_kinds where kind = $1', [kind]);
  if (rows.length === 0) throw refuse('push_off');
}
