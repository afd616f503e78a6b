import type { PushKind } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';

/** The kinds of pushes that workers send. */
export async function publishedPushKinds(db: Queryable): Promise<PushKind[]> {
  const { rows } = await db.query<{ kind: PushKind }>('select kind from push_kinds order by kind');
  return rows.map(({ kind }) => kind);
}
