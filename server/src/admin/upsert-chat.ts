import { Chat, ChatUpsert } from '@fechatter/contract';
import { type ChatColumns, chatColumns, chatOf, type Database, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { withServiceKey } from '../access/service-procedures.ts';
import { type Change, makeChange } from '../change/change.ts';
import type { ServiceKey } from '../identity/service-keys.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPeople, externalWorkspace, findChat, lockExternal } from './external.ts';
import { insertChat } from './insert-chat.ts';
import { rolesByPerson } from './roles-by-person.ts';
import { lockedForApp, setChatMembers } from './set-chat-members.ts';
import { writeChange } from '../chat/write-change.ts';

export const upsertChat = withServiceKey('chats')
  .meta(
    adminMeta(
      'upsert-chat',
      'Create or change a chat',
      'The chat with this `external_id`. Workspace and type never change (`external_id_reused`); one that was deleted is ' +
        'replaced by a new one. Everyone whom you name must be in the workspace: they become members with these roles, ' +
        'and with `mode` `replace` the memberships of all others end. One of them must be Owner, except in a Single chat, ' +
        'which has exactly two members, whose roles do not count.',
      [
        'workspace_not_found',
        'user_not_found',
        'external_id_reused',
        'guests_are_members',
        'role_too_low',
        'last_owner',
        'single_chat_fixed',
        'blocked',
        'chat_archived',
        'quota_exceeded',
      ],
    ),
  )
  .input(ChatUpsert)
  .output(Chat)
  .mutation(async ({ ctx, input }) => {
    const { deps, serviceKey } = ctx;
    const { externalId, workspace, name, chatType, members, mode = 'add' } = input;
    const chatId = await makeChange(ctx, async (change) => {
      const { tx } = change;
      await lockExternal(tx, 'chat', serviceKey, externalId);
      const workspaceId = await externalWorkspace(tx, serviceKey, workspace);
      const people = await externalPeople(
        tx,
        serviceKey,
        members.map((member) => member.externalId),
      );
      const roles = rolesByPerson(members, people);
      await change.lockWorkspaces([workspaceId]);
      const held = await change.holdInWorkspace(workspaceId, [...roles.keys()]);
      mustBeInside(roles, held, people);
      const known = await lockKnown(change, serviceKey, externalId);
      const wanted = { workspaceId, chatType, name, roles, held };
      if (known === undefined) return insertChat(change, deps.config, { ...wanted, serviceKey, externalId });
      await mustBeSame(tx, known, workspaceId, chatType);
      const chat = lockedForApp(change, known, wanted);
      if (chatType !== 'Single' && (await hasOtherName(tx, known, name))) await writeChange(tx, chat, 'name', { name });
      await setChatMembers(chat, roles, mode);
      return known;
    });
    return readChat(deps.db, chatId);
  });

/** The chat with this name, its head locked; undefined also if it was deleted before that. */
async function lockKnown(change: Change, key: ServiceKey, externalId: string): Promise<string | undefined> {
  const known = await findChat(change.tx, key, externalId);
  if (known === undefined) return undefined;
  await change.lockChats([known.id]);
  return (await findChat(change.tx, key, externalId))?.id;
}

function mustBeInside(
  roles: ReadonlyMap<string, unknown>,
  held: ReadonlyMap<string, unknown>,
  people: ReadonlyMap<string, string>,
): void {
  const outside = [...people].find(([, userId]) => roles.has(userId) && !held.has(userId));
  if (outside === undefined) return;
  throw refuse('user_not_found', {
    message: `The person with the externalId ${JSON.stringify(outside[0])} is not in this workspace.`,
  });
}

async function mustBeSame(tx: Tx, chatId: string, workspaceId: string, chatType: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    select 1 from chats where id = ${chatId} and workspace_id = ${workspaceId} and chat_type = ${chatType}`);
  if (rows.length === 0) throw refuse('external_id_reused');
}

async function hasOtherName(tx: Tx, chatId: string, name: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`select 1 from chats where id = ${chatId} and name <> ${name}`);
  return rows.length > 0;
}

/** As an event shows it: a Single chat has the name that it was given. */
async function readChat({ pool }: Database, chatId: string): Promise<Chat> {
  const { rows } = await pool.query<ChatColumns>({
    name: 'external-chat',
    text: `select ${chatColumns} from chats c where c.id = $1 and c.deleted_at is null`,
    values: [chatId],
  });
  if (rows[0] === undefined) throw refuse('chat_not_found');
  return chatOf(rows[0]);
}
