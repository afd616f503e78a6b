import type { User } from '@fechatter/contract';
import { type Database, eq, selectUsers, userOf, userTable } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A person as others see them. */
export async function readUser({ tables }: Database, userId: string): Promise<User> {
  const [row] = await selectUsers(tables).where(eq(userTable.id, userId));
  if (row === undefined) throw refuse('user_not_found');
  return userOf(row);
}
