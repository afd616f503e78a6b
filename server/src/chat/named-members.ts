import type { Member } from '@fechatter/contract';
import { type Database, memberColumns, memberOf, type MemberRow } from '@fechatter/drizzle';

/** The current memberships of these people in a chat; people who are not members are left out. */
export async function namedMembers(db: Database, chatId: string, userIds: readonly string[]): Promise<Member[]> {
  const { rows } = await db.pool.query<MemberRow>({
    name: 'chat-named-members',
    text: `select ${memberColumns} from live_chat_members p join users u on u.id = p.user_id
      where p.chat_id = $1 and p.user_id = any ($2::uuid[]) order by p.user_id`,
    values: [chatId, userIds],
  });
  return rows.map(memberOf);
}
