import { type Database, messageColumnsFor, messageJoins, type ReadMessageRow } from '@fechatter/drizzle';
import { BatchedReads } from '@fechatter/service-kit';

/** Reads messages after they were reacted to, for those who did: many with one query. */
export interface ReactedReads {
  /** The message as it stands now; undefined where the reader has left since. */
  read(userId: string, messageId: string): Promise<ReadMessageRow | undefined>;
}

const statement = {
  name: 'reacted-messages',
  text: `
    select i.ord, r.* from unnest($1::uuid[], $2::uuid[]) with ordinality i (user_id, message_id, ord)
    cross join lateral (
      select ${messageColumnsFor('i.user_id')}
      from (select * from messages where id = i.message_id limit 1) m ${messageJoins} join chat_heads h on h.chat_id = m.chat_id
      where exists (select from chat_members c where c.chat_id = m.chat_id and c.user_id = i.user_id and c.left_seq is null)
        and exists (select from workspace_members w where w.workspace_id = h.workspace_id and w.user_id = i.user_id and w.left_seq is null)
      limit 1) r`,
};

export function createReactedReads({ pool }: Pick<Database, 'pool'>): ReactedReads {
  const reads = new BatchedReads<ReadMessageRow>(async (keys) => {
    const asked = keys.map((key) => key.split(' '));
    const { rows } = await pool.query<ReadMessageRow & { ord: number }>({
      ...statement,
      values: [asked.map(([userId]) => userId), asked.map(([, messageId]) => messageId)],
    });
    return new Map(rows.map((row) => [keys[row.ord - 1] ?? '', row]));
  });
  return { read: (userId, messageId) => reads.read(`${userId} ${messageId}`) };
}
