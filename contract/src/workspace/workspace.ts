import { z } from 'zod';
import { Id, Seq } from '../ids.ts';
import { limits } from '../limits.ts';
import { Role } from '../member/role.ts';
import { NextCursor, pageInput } from '../page.ts';
import { Description, Name } from '../text.ts';

/** A workspace as everyone in it sees it. Events carry this form, because an event is the same for all its readers. */
export const WorkspaceProfile = z.object({
  id: Id,
  name: z.string(),
  description: z.string().nullable(),
  /** Messages older than this many days are purged; null: never. */
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
export const WorkspaceMemberRef = z.object({ workspaceId: Id, userId: Id });
export const WorkspaceRoleChange = WorkspaceMemberRef.extend({ role: Role });
