import { z } from 'zod';
import { Id, Seq } from './ids.ts';
import { limits } from './limits.ts';
import { NextCursor, pageInput } from './page.ts';
import { Description, Email, Name } from './text.ts';
import { MemberUser } from './user.ts';

/** Owner > Admin > Member, in workspaces and in chats. */
export const Role = z.enum(['Member', 'Admin', 'Owner']);
export type Role = z.infer<typeof Role>;

/** A workspace as everyone in it sees it: what an event carries, because an event is the same for all its readers. */
export const WorkspaceProfile = z.object({
  id: Id,
  name: z.string(),
  description: z.string().nullable(),
  /** Messages older than so many days are purged; null: never. */
  retentionDays: z.int().nullable(),
  lastSeq: Seq,
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type WorkspaceProfile = z.infer<typeof WorkspaceProfile>;
/** A workspace as one member sees it; `role` is the caller's. */
export const Workspace = WorkspaceProfile.extend({ role: Role });
export type Workspace = z.infer<typeof Workspace>;

export const WorkspaceCreate = z.object({ name: Name, description: Description.nullable().optional() });
export const WorkspaceUpdate = z.object({
  workspaceId: Id,
  name: Name.optional(),
  description: Description.nullable().optional(),
});
/** Null: messages are kept for ever. */
export const RetentionChange = z.object({
  workspaceId: Id,
  days: z.int().min(1).max(limits.retentionMaxDays).nullable(),
});
export const WorkspaceRef = z.object({ workspaceId: Id });
export const WorkspaceList = z.object({ workspaces: z.array(Workspace), nextCursor: NextCursor });
export const WorkspaceListInput = z.object(pageInput).optional();
export const WorkspacePage = WorkspaceRef.extend(pageInput);

/** A membership that is open now. */
export const Member = z.object({ user: MemberUser, role: Role, joinedAt: z.date() });
export type Member = z.infer<typeof Member>;
export const MemberList = z.object({ members: z.array(Member), nextCursor: NextCursor });
export const WorkspaceMemberRef = z.object({ workspaceId: Id, userId: Id });
export const WorkspaceRoleChange = WorkspaceMemberRef.extend({ role: Role });

/** A public channel, as anyone in the workspace may find it. */
export const Channel = z.object({
  id: Id,
  name: z.string(),
  memberCount: z.int().nonnegative(),
  joined: z.boolean(),
  createdAt: z.date(),
});
export const ChannelList = z.object({ channels: z.array(Channel), nextCursor: NextCursor });

export const InviteCreate = z.object({
  workspaceId: Id,
  role: Role,
  expiresInSeconds: z.int().min(1).max(limits.inviteMaxSeconds).default(limits.inviteDefaultSeconds).optional(),
  maxUses: z.int().min(1).max(limits.inviteMaxUses).default(1).optional(),
  email: Email.optional(),
});
/** An open invitation. */
export const Invite = z.object({
  id: Id,
  role: Role,
  email: z.string().nullable(),
  maxUses: z.int(),
  uses: z.int(),
  expiresAt: z.date(),
});
/** Its token is shown once, here; only its hash is kept. */
export const NewInvite = Invite.extend({ token: z.string() });
export const InviteList = z.object({ invites: z.array(Invite), nextCursor: NextCursor });
export const InviteRef = z.object({ workspaceId: Id, inviteId: Id });
