import { z } from 'zod';
import { Id } from '../ids.ts';
import { limits } from '../limits.ts';
import { Role } from '../member/role.ts';
import { NextCursor } from '../page.ts';
import { Email } from '../text.ts';

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
/** The token is shown only here, once; the service keeps only its hash. */
export const NewInvite = Invite.extend({ token: z.string() });
export const InviteList = z.object({ invites: z.array(Invite), nextCursor: NextCursor });
export const InviteRef = z.object({ workspaceId: Id, inviteId: Id });
