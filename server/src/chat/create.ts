import { allows, Chat, ChatCreate, type Role } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { type Change, makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';
import { checkChats } from '../limits/quotas.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { readChat } from './chat-row.ts';
import { findByClientId, type FoundChat, insertOrFind, type WantedChat } from './new-chat.ts';
import { openMemberships } from '../membership/chat-memberships.ts';
import { requestMac } from './request-mac.ts';

export const create = inWorkspace('chat.create', 'write')
  .input(ChatCreate)
  .output(Chat)
  .meta({
    openapi: {
      method: 'POST',
      path: '/chats',
      successStatus: 201,
      summary: 'Create a chat',
      description:
        'You become a member and its Owner; Guests cannot create chats. A repeat with the same `client_id` returns the same chat, whatever has ' +
        'changed since; a repeat with other content is refused. A Single chat has exactly one other member and ' +
        'exists once per workspace for the same two people: creating it again returns it, and re-opens it for a ' +
        'person who had left the workspace and is back. You can create at most 200 chats an hour, and a workspace ' +
        'has at most 10,000.',
      tags: ['chat'],
      refusals: [
        'workspace_not_found',
        'role_too_low',
        'user_not_found',
        'chat_not_found',
        'blocked',
        'client_id_reused',
        'quota_exceeded',
        'rate_limited',
      ],
    },
  })
  .mutation(async ({ ctx, input }) => {
    const creatorId = ctx.principal.userId;
    const others = [...new Set(input.memberIds)].filter((id) => id !== creatorId);
    const asked = { ...input, creatorId, others };
    const wanted = { ...asked, requestMac: requestMac(ctx.deps.config.auth, asked) };
    await ctx.deps.limits.take(ctx, 'chatCreate', creatorId);
    const chat = await makeChange(ctx, (change) => createOnce(ctx, change, wanted));
    if (!chat.isNew) await ctx.deps.limits.giveBack('chatCreate', creatorId);
    return readChat(ctx.deps, creatorId, chat.id);
  });

interface CreatedChat {
  readonly id: string;
  readonly isNew: boolean;
}

async function createOnce(ctx: AuthedContext, change: Change, wanted: WantedChat): Promise<CreatedChat> {
  const { workspaceId, chatType, creatorId, others } = wanted;
  if (chatType === 'PublicChannel') await change.lockWorkspaces([workspaceId]);
  const held = await change.holdInWorkspace(workspaceId, [creatorId, ...others]);
  const creatorRole = held.get(creatorId);
  if (creatorRole === undefined) throw refuse('workspace_not_found');
  if (!allows('chat.create', creatorRole)) throw refuse('role_too_low');
  // A retry returns the chat, whatever has happened to its members since.
  const repeated = await findByClientId(change.tx, wanted);
  if (repeated !== undefined) return reopen(change, repeated, held);
  if (others.some((id) => !held.has(id))) throw refuse('user_not_found');
  if (chatType === 'Single' && others.length !== 1) throw notTwo();
  await checkChats(change.tx, workspaceId, ctx.deps.config.limits);
  const chat = await insertOrFind(change, wanted);
  if (chat.isNew && chatType === 'Single') await refuseBlocked(change, creatorId, others);
  return chat.isNew ? { id: chat.id, isNew: true } : reopen(change, chat, held);
}

/** A Single chat with a person who blocks the caller cannot be created. */
async function refuseBlocked({ tx }: Change, creatorId: string, others: readonly string[]): Promise<void> {
  const { rows } = await tx.execute(
    sql`select 1 from blocks where user_id = any (${sql.param([...others])}::uuid[]) and blocked_id = ${creatorId}`,
  );
  if (rows.length > 0) throw refuse('blocked');
}

/** Makes the two people of a Single chat members again, if they left the workspace and are back in it. */
async function reopen(change: Change, { id, pair }: FoundChat, held: ReadonlyMap<string, Role>): Promise<CreatedChat> {
  const back = pair.filter((userId) => held.has(userId));
  if (back.length > 0) {
    await change.lockChats([id]);
    await openMemberships(change, id, back);
  }
  return { id, isNew: false };
}

const notTwo = () =>
  refuse('invalid_input', {
    issues: [{ path: ['memberIds'], message: 'A Single chat has exactly one other member', code: 'custom' }],
  });
