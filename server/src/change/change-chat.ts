import type { ChatPermission, ChatType, LoggedEventKind, Role } from '@fechatter/contract';
import { type EventDetailsArgument, sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { AuthedContext } from '../context.ts';
import { type Change, makeChange } from './change.ts';
import { authorizeChat } from '../access/authorize-chat.ts';

/** A chat whose head is locked, for a caller with the role that the change needs. */
export interface LockedChat {
  readonly id: string;
  readonly workspaceId: string;
  readonly chatType: ChatType;
  /** The caller's effective role: that in the chat or, in public channels, that in the workspace if it is higher. */
  readonly role: Role;
  /** Whether the caller is a member; workspace Admins and Owners can act in a public channel without being one. */
  readonly isMember: boolean;
  /** Those of `holding` who are in the workspace, with their roles, which stay so until the end of the change. */
  readonly held: ReadonlyMap<string, Role>;
  readonly change: Change;
  /** Announces an event to the members; chat.updated and chat.deleted of a public channel go to the whole workspace. */
  readonly announce: <Kind extends LoggedEventKind>(kind: Kind, ...details: EventDetailsArgument<Kind>) => number;
}

export interface ChatChange {
  readonly permission: ChatPermission;
  /** The people whom this change makes members, or gives a role: their workspace roles stay the same until its end. */
  readonly holding?: readonly string[];
  /** Whether the change of a public chat is announced to the whole workspace: then its head is locked first. */
  readonly notifiesWorkspace?: true;
}

/**
 * Every change of a chat: locks its head, then authorises in a new statement, then runs `work`. Refuses callers who cannot
 * see the chat (chat_not_found), who may only read it (not_a_member), and whose role is too low (role_too_low).
 */
export function changeChat<T>(
  ctx: AuthedContext,
  chatId: string,
  asked: ChatPermission | ChatChange,
  work: (tx: Tx, chat: LockedChat) => Promise<T>,
): Promise<T> {
  const {
    permission,
    notifiesWorkspace,
    holding = [],
  }: ChatChange = typeof asked === 'string' ? { permission: asked } : asked;
  return makeChange(ctx, async (change) => {
    // Workspace and type never change, so they may be read before the lock.
    const { rows } = await change.tx.execute<{ workspace_id: string; chat_type: ChatType }>(
      sql`select workspace_id, chat_type from chat_heads where chat_id = ${chatId}`,
    );
    if (rows[0] === undefined) throw refuse('chat_not_found');
    const { workspace_id: workspaceId, chat_type: chatType } = rows[0];
    const notifiesAll = notifiesWorkspace === true && chatType === 'PublicChannel';
    if (notifiesAll) await change.lockWorkspaces([workspaceId]);
    const held = holding.length === 0 ? new Map<string, Role>() : await change.holdInWorkspace(workspaceId, holding);
    await change.lockChats([chatId]);
    const { role, isMember } = await authorizeChat(change.tx, ctx.principal.userId, chatId, permission);
    return work(change.tx, {
      id: chatId,
      workspaceId,
      chatType,
      role: role ?? 'Member',
      isMember,
      held,
      change,
      announce: (kind, ...details) =>
        notifiesAll && (kind === 'chat.updated' || kind === 'chat.deleted')
          ? change.announceToBoth(chatId, kind, ...details)
          : change.announceInChat(chatId, kind, ...details),
    });
  });
}
