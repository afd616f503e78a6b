import { z } from 'zod';
import { Id } from '../ids.ts';
import { ChatType } from '../chat/chat.ts';
import { Role } from '../member/role.ts';
import { NextCursor } from '../page.ts';

/** What the audit log knows of. What is about an account is shown in each workspace that the person is in then. */
export const AuditAction = z.enum([
  'account.signedUp',
  'account.signedIn',
  'account.signInFailed',
  /** Somebody guesses its password; told at most once an hour. */
  'account.attacked',
  /** A wrong password where a signed-in person must give it again. */
  'account.reauthenticationFailed',
  'account.passwordChanged',
  'account.passwordReset',
  'account.emailVerified',
  'account.emailChanged',
  /** Somebody else proved that the address is theirs: it, the password and all sessions ended. */
  'account.emailLost',
  'account.sessionsRevoked',
  'account.suspended',
  'account.reinstated',
  'account.exported',
  'account.erased',
  'workspace.created',
  'workspace.updated',
  'workspace.deleted',
  'workspace.exported',
  'workspace.retentionSet',
  'workspace.memberJoined',
  'workspace.memberLeft',
  'workspace.memberRemoved',
  'workspace.roleChanged',
  'invite.created',
  'invite.revoked',
  'chat.created',
  'chat.renamed',
  'chat.deleted',
  'chat.memberJoined',
  'chat.memberLeft',
  'chat.memberAdded',
  'chat.memberRemoved',
  'chat.roleChanged',
  'message.deleted',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** What else there is to say, by the kind of action: ids, roles and counts, never names or content. */
export const AuditDetails = z.object({
  chatId: Id.optional(),
  chatType: ChatType.optional(),
  messageId: Id.optional(),
  inviteId: Id.optional(),
  sessionId: Id.optional(),
  /** How many sessions ended. */
  sessions: z.int().nonnegative().optional(),
  role: Role.optional(),
  roleBefore: Role.optional(),
  /** Null: messages are kept for ever. */
  retentionDays: z.int().nullable().optional(),
});
export type AuditDetails = z.infer<typeof AuditDetails>;

/**
 * One line of the audit log. `actorId` is who did it; null: the operator, or someone who is not known (a failed
 * sign-in). `userId` is to whom it was done. `address` is where the request came from, null where the operator did it
 * or the actor's account was erased. What a workspace shows of people's own accounts is what and when: without
 * `details`, `address` and `requestId`.
 */
export const AuditEntry = z.object({
  id: Id,
  action: AuditAction,
  actorId: Id.nullable(),
  userId: Id.nullable(),
  details: AuditDetails,
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  createdAt: z.date(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditLog = z.object({ entries: z.array(AuditEntry), nextCursor: NextCursor });
