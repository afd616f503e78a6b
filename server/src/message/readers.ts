import { MessageReaders, MessageRef } from '@fechatter/contract';
import { memberUserColumnList, memberUserOf, type MemberUserRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { showsReceipts } from '../signals/shows-receipts.ts';
import { membersMaxOf } from '../signals/members-max.ts';

const MEMBERS_MAX = membersMaxOf('seen');

/** A reader, or the single row for a message without readers. */
type ReaderRow = { role: string | null; number: number | null; members: number; is_shown: boolean } & (
  | MemberUserRow
  | { id: null }
);

// Counts the members up to one over the maximum, and reads size and marks in one snapshot.
const readersSql = `
  with scope as materialized (${readableChat('$1', '$2')}),
  asked as materialized (
    select m.chat_id, m.thread_id, m.number, m.sender_id from messages m where m.id = $3::uuid and m.chat_id = $2::uuid and m.deleted_at is null),
  members as materialized (
    select p.user_id, greatest(p.last_read_number, p.highest_read_number) as read_number from live_chat_members p
    where p.chat_id = $2::uuid limit ${MEMBERS_MAX + 1})
  select scope.role, asked.number, (select count(*) from members)::int as members, ${showsReceipts('$1::uuid')} as is_shown, r.*
  from scope left join asked on true left join lateral (
    select ${memberUserColumnList} from members p join users u on u.id = p.user_id
    where asked.number <= case when asked.thread_id is null then p.read_number else (
        select f.last_read_number from thread_follows f
        where f.user_id = p.user_id and f.chat_id = asked.chat_id and f.root_id = asked.thread_id and f.is_following) end
      and p.user_id <> asked.sender_id and ${showsReceipts('p.user_id')}) r on true
  order by r.id`;

export const readers = inChat('message.readers', 'read')
  .input(MessageRef)
  .output(MessageReaders)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/messages/{message_id}/readers',
      summary: 'List who has read a message',
      description:
        'The members of the chat who have read up to this message or further, except its sender. For members, in ' +
        'chats of up to 50 members; larger chats are refused. People who hide their receipts are not listed, and cannot ask. For a reply: the followers of its thread who have read that far.',
      tags: ['message'],
      refusals: ['chat_not_found', 'not_a_member', 'message_not_found', 'receipts_off'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId, messageId } }) => {
    const { rows } = await deps.db.pool.query<ReaderRow>({
      name: 'message-readers',
      text: readersSql,
      values: [principal.userId, chatId, messageId],
    });
    const [first] = rows;
    if (first === undefined) throw refuse('chat_not_found');
    if (first.role === null) throw refuse('not_a_member');
    if (first.number === null) throw refuse('message_not_found');
    if (first.members > MEMBERS_MAX || !first.is_shown) throw refuse('receipts_off');
    return { users: rows.filter((row) => row.id !== null).map(memberUserOf) };
  });
