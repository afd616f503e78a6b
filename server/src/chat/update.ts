import { Chat, type ChatChanged, ChatUpdate } from '@fechatter/contract';
import { eq, schema, type Tx } from '@fechatter/drizzle';
import { changeChat } from '../change/change-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { readChat } from './chat-row.ts';
import { writeChange } from './write-change.ts';

const { chats } = schema;

export const update = inChat('chat.update', 'write')
  .input(ChatUpdate)
  .output(Chat)
  .meta({
    openapi: {
      method: 'PUT',
      path: '/chats/{chat_id}',
      summary: 'Change the name, the topic or who can post',
      description:
        'For Admins and Owners. A missing key leaves its value unchanged; a `topic` of null removes the topic. With ' +
        '`who_posts` set to Admins, only they and Owners can send in the chat, but people can still react and edit. If ' +
        'nothing changes, no event is sent.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'not_a_member', 'role_too_low', 'single_chat_fixed'],
    },
  })
  .mutation(async ({ ctx, input: { chatId, ...wanted } }) => {
    await changeChat(ctx, chatId, { permission: 'chat.update', notifiesWorkspace: true }, async (tx, chat) => {
      const changed = await firstChanged(tx, chatId, wanted);
      if (changed !== undefined) await writeChange(tx, chat, changed, wanted);
    });
    return readChat(ctx.deps, ctx.principal.userId, chatId);
  });

type Wanted = Omit<ChatUpdate, 'chatId'>;

/** The first of these values that differs from the current one; undefined if none does. */
async function firstChanged(tx: Tx, chatId: string, wanted: Wanted): Promise<ChatChanged | undefined> {
  const { name, topic, whoPosts } = chats;
  const [before] = await tx.select({ name, topic, whoPosts }).from(chats).where(eq(chats.id, chatId));
  const isOther = (key: keyof Wanted) => wanted[key] !== undefined && wanted[key] !== before?.[key];
  if (isOther('name')) return 'name';
  if (isOther('topic')) return 'topic';
  return isOther('whoPosts') ? 'posting' : undefined;
}
