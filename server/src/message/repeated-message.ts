import type { WireMessage } from '@fechatter/contract';
import { messageColumnsFor, messageJoins, type ReadMessageRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import type { Deps } from '../deps.ts';
import { shownMessage } from './shown-message.ts';

const RETRY_AFTER_MS = 1_000;

/** A repeated message, as it is now. Access is checked again, because the batch that found it has ended. */
export async function repeatedMessage(
  deps: Deps,
  userId: string,
  chatId: string,
  messageId: string,
): Promise<WireMessage> {
  const { rows } = await deps.db.pool.query<ReadMessageRow | { [K in keyof ReadMessageRow]: null }>({
    name: 'repeated_message',
    text: `
      with scope as materialized (${readableChat('$1', '$2')})
      select p.* from scope left join lateral (
        select ${messageColumnsFor('$1')}
        from (select * from messages where id = $3::uuid and chat_id = $2::uuid limit 1) m ${messageJoins}) p on true
      where scope.role is not null`,
    values: [userId, chatId, messageId],
  });
  const [row] = rows;
  if (row === undefined) throw refuse('chat_not_found');
  // Retention has removed it since: the repeat is a new message.
  if (row.id === null) throw refuse('busy', { retryAfterMs: RETRY_AFTER_MS });
  return shownMessage(deps, row);
}

/**
 * A message that the caller has just sent, with what the database has made of it. Nothing is checked: they know it,
 * even if they were removed since. Undefined: retention has removed it since.
 */
export async function sentMessage(deps: Deps, userId: string, messageId: string): Promise<WireMessage | undefined> {
  const { rows } = await deps.db.pool.query<ReadMessageRow>({
    name: 'sent_message',
    text: `
      select ${messageColumnsFor('$1')}
      from (select * from messages where id = $2::uuid and sender_id = $1::uuid limit 1) m ${messageJoins}`,
    values: [userId, messageId],
  });
  return rows[0] && shownMessage(deps, rows[0]);
}
