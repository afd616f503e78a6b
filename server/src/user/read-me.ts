import type { Me } from '@fechatter/contract';
import { eq, meOf, selectMe, type Tables, userTable } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** The caller's own account. */
export async function readMe(tables: Tables, userId: string): Promise<Me> {
  const [row] = await selectMe(tables).where(eq(userTable.id, userId));
  if (row === undefined) throw refuse('user_not_found');
  return meOf(row);
}
