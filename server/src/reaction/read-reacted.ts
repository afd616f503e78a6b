import { messageColumnsFor, messageJoins, type Queryable, type ReadMessageRow } from '@fechatter/drizzle';

/** A message with a new reaction, and the person who reacted. */
export interface Reacted {
  readonly userId: string;
  readonly messageId: string;
}

// Planned once: for an array of known length with fewer rows than its guess, the planner would make a plan for each
// call, which takes longer than the call.
const statement = {
  name: 'reacted-messages',
  text: `
    select i.ord, r.* from unnest((select $1::uuid[]), (select $2::uuid[])) with ordinality i (user_id, message_id, ord)
    cross join lateral (
      select ${messageColumnsFor('i.user_id')}
      from (select * from messages where id = i.message_id limit 1) m ${messageJoins} join chat_heads h on h.chat_id = m.chat_id
      where exists (select from live_chat_members c where c.chat_id = m.chat_id and c.user_id = i.user_id)
        and exists (select from live_workspace_members w where w.workspace_id = h.workspace_id and w.user_id = i.user_id)
      limit 1) r`,
};

/** The current messages for the people who reacted, in the same order; undefined if the person has left since. */
export async function readReacted(
  client: Queryable,
  reacted: readonly Reacted[],
): Promise<readonly (ReadMessageRow | undefined)[]> {
  if (reacted.length === 0) return [];
  const { rows } = await client.query<ReadMessageRow & { ord: number }>({
    ...statement,
    values: [reacted.map(({ userId }) => userId), reacted.map(({ messageId }) => messageId)],
  });
  const byOrder = new Map(rows.map((row) => [row.ord, row]));
  return reacted.map((_, index) => byOrder.get(index + 1));
}
