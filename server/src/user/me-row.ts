import type { Me } from '@fechatter/contract';
import { eq, schema, type Tables } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

const { users } = schema;

/** What one sees of oneself. */
const meColumns = {
  id: users.id,
  email: users.email,
  fullName: users.fullName,
  avatarUrl: users.avatarUrl,
  status: users.status,
  createdAt: users.createdAt,
};

/** One's own account. */
export async function meOf(tables: Tables, userId: string): Promise<Me> {
  const [me] = await tables.select(meColumns).from(users).where(eq(users.id, userId));
  if (me === undefined) throw refuse('user_not_found');
  return me;
}
