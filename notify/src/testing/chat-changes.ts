import type { ChatType } from '@fechatter/contract';
import { appendEvents, sql, type Tx } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { type Change, nextChatSeq, nextWorkspaceSeq, ofChat, type Person, type Place } from './changes.ts';

export interface ChatChanges {
  chat(workspaceId: string, people: readonly Person[], chatType?: ChatType): Promise<Place>;
  join(chat: Place, person: Person): Promise<void>;
  leave(chat: Place, person: Person): Promise<void>;
  deleteChat(chat: Place, isPublic?: boolean): Promise<void>;
}

/** Changes of chats. */
export function chatChanges(change: Change): ChatChanges {
  return {
    async chat(workspaceId, people, chatType = 'Group') {
      const chat = { id: randomUUID(), workspaceId };
      const [low, high] = people.map(({ id }) => id).sort();
      await change(async (tx) => {
        const isPublic = chatType === 'PublicChannel';
        const shownAt = isPublic ? { workspaceSeq: await nextWorkspaceSeq(tx, workspaceId) } : {};
        await tx.execute(sql`insert into chats (id, workspace_id, chat_type, name, version, creator_id, single_low, single_high)
          values (${chat.id}, ${workspaceId}, ${chatType}, 'a chat', 1, ${people[0]?.id},
            ${chatType === 'Single' ? low : null}, ${chatType === 'Single' ? high : null})`);
        await tx.execute(sql`insert into chat_heads (chat_id, workspace_id, chat_type, last_seq)
          values (${chat.id}, ${workspaceId}, ${chatType}, 1)`);
        for (const { id } of people)
          await tx.execute(sql`insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
            values (${chat.id}, ${id}, 'Member', 1, 0, 0)`);
        await appendEvents(tx, [{ kind: 'chat.created', ...ofChat(chat, 1), ...shownAt, facts: {} }]);
      });
      return chat;
    },
    join: (chat, person) =>
      change(async (tx) => {
        const seq = await nextChatSeq(tx, chat.id);
        await tx.execute(sql`insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
          values (${chat.id}, ${person.id}, 'Member', ${seq}, 0, 0)`);
        const facts = { role: 'Member' } as const;
        await appendEvents(tx, [{ kind: 'member.joined', ...ofChat(chat, seq), subjectId: person.id, facts }]);
      }),
    leave: (chat, person) => change((tx) => endChatMembership(tx, chat, person)),
    deleteChat: (chat, isPublic = false) =>
      change(async (tx) => {
        const shownAt = isPublic ? { workspaceSeq: await nextWorkspaceSeq(tx, chat.workspaceId) } : {};
        const seq = await nextChatSeq(tx, chat.id);
        await tx.execute(sql`update chats set deleted_at = now() where id = ${chat.id}`);
        await tx.execute(
          sql`update chat_members set left_seq = ${seq} where chat_id = ${chat.id} and left_seq is null`,
        );
        await appendEvents(tx, [{ kind: 'chat.deleted', ...ofChat(chat, seq), ...shownAt }]);
      }),
  };
}

/** Ends a membership inside a transaction. */
export async function endChatMembership(tx: Tx, chat: Place, person: Person): Promise<void> {
  const seq = await nextChatSeq(tx, chat.id);
  await tx.execute(sql`update chat_members set left_seq = ${seq}
      where chat_id = ${chat.id} and user_id = ${person.id} and left_seq is null`);
  await appendEvents(tx, [{ kind: 'member.left', ...ofChat(chat, seq), subjectId: person.id }]);
}
