import type { Bot } from '@fechatter/contract';
import { botColumns, botOf, type BotRow, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** A bot that the caller was found to manage; throws bot_not_found if it was deleted. */
export async function readBot(tx: Pick<Tx, 'execute'>, botId: string): Promise<Bot> {
  const { rows } = await tx.execute<BotRow>(sql`
    select ${sql.raw(botColumns)} from bots b join users u on u.id = b.user_id
    where b.user_id = ${botId} and b.deleted_at is null`);
  if (rows[0] === undefined) throw refuse('bot_not_found');
  return botOf(rows[0]);
}
