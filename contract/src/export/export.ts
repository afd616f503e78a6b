import { z } from 'zod';
import { AuditEntry } from '../audit/audit.ts';
import { ChatType, WhoPosts } from '../chat/chat.ts';
import { ChatPreferences } from '../chat/notifications.ts';
import { Emoji } from '../emoji/emoji.ts';
import { Id, Seq } from '../ids.ts';
import { Invite } from '../invite/invite.ts';
import { Role } from '../member/role.ts';
import { Message } from '../message/message.ts';
import { NextCursor } from '../page.ts';
import { CustomStatus } from '../presence/presence.ts';
import { PushSubscriptionRow } from '../push/push.ts';
import { Passkey } from '../session/passkeys.ts';
import { SecondFactors } from '../session/factors.ts';
import { SessionRow } from '../session/session.ts';
import { Preferences } from '../user/preferences.ts';
import { Me, MemberUser } from '../user/user.ts';
import { WorkspaceProfile } from '../workspace/workspace.ts';

// An export is JSON Lines: each line has a `type`. docs/peoples-data.md describes them.

const line = <const Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), ...shape });
const session = SessionRow.omit({ current: true }).shape;
const workspace = WorkspaceProfile.omit({ lastSeq: true }).shape;
const membership = { role: Role, joinedAt: z.date(), hasLeft: z.boolean() };

/** The lines of a person's export, in this order. */
export const UserExportLine = z.discriminatedUnion('type', [
  line('user', Me.shape),
  line('preferences', Preferences.shape),
  line('customStatus', CustomStatus.shape),
  line('identity', { issuer: z.string(), subject: z.string(), createdAt: z.date() }),
  line('session', { ...session, revokedAt: z.date().nullable() }),
  line('secondFactors', SecondFactors.shape),
  line('passkey', Passkey.shape),
  line('pushSubscription', {
    id: Id,
    kind: PushSubscriptionRow.shape.kind,
    sessionId: Id,
    host: z.string(),
    createdAt: z.date(),
  }),
  line('workspaceMembership', { workspaceId: Id, workspaceName: z.string(), ...membership }),
  line('chatMembership', {
    chatId: Id,
    chatType: ChatType,
    chatName: z.string(),
    ...membership,
    lastReadNumber: Seq,
    ...ChatPreferences.shape,
  }),
  line('message', Message.shape),
  line('reactions', { chatId: Id, messageId: Id, emoji: z.array(z.string()) }),
  line('saved', { chatId: Id, messageId: Id, savedAt: z.date() }),
  line('pin', { chatId: Id, messageId: Id, pinnedAt: z.date() }),
  line('thread', { chatId: Id, rootId: Id, following: z.boolean(), lastReadNumber: Seq }),
  line('emoji', { workspaceId: Id, ...Emoji.omit({ createdBy: true }).shape }),
  line('auditEntry', AuditEntry.shape),
]);
export type UserExportLine = z.infer<typeof UserExportLine>;
/** The same on the wire, where messages leave out empty keys. */
export type WireUserExportLine = z.input<typeof UserExportLine>;

/** The lines of a workspace's export; each chat is followed by its members and then by its messages. */
export const WorkspaceExportLine = z.discriminatedUnion('type', [
  line('workspace', workspace),
  line('member', { ...MemberUser.shape, role: Role, joinedAt: z.date() }),
  line('invite', Invite.shape),
  line('emoji', Emoji.shape),
  line('auditEntry', AuditEntry.shape),
  line('chat', {
    id: Id,
    name: z.string(),
    chatType: ChatType,
    topic: z.string().nullable(),
    whoPosts: WhoPosts,
    archivedAt: z.date().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  }),
  line('chatMember', { chatId: Id, userId: Id, role: Role, joinedAt: z.date() }),
  line('message', Message.shape),
]);
export type WorkspaceExportLine = z.infer<typeof WorkspaceExportLine>;
/** The same on the wire. */
export type WireWorkspaceExportLine = z.input<typeof WorkspaceExportLine>;

/** A page of an export. It may have fewer lines than requested: the export ends where `nextCursor` is null. */
export const UserExport = z.object({ lines: z.array(UserExportLine), nextCursor: NextCursor });
export const WorkspaceExport = z.object({ lines: z.array(WorkspaceExportLine), nextCursor: NextCursor });
