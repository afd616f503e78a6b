import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A bot is a Member, in its workspace and in its chats. */
export async function mustNotBeBot(tx: Tx, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`select 1 from users where id = ${userId} and kind = 'Bot'`);
  if (rows.length > 0) throw refuse('bots_are_members');
}
