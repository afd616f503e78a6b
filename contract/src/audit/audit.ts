import { z } from 'zod';
import { Id } from '../ids.ts';
import { ChatType } from '../chat/chat.ts';
import { Role } from '../member/role.ts';
import { NextCursor } from '../page.ts';
import { SecondFactorMethod } from '../session/factors.ts';

/**
 * The actions in the audit log. An action on an account is shown in each workspace that the person is in at that time.
 */
export const AuditAction = z.enum([
  'account.signedUp',
  'account.signedIn',
  /** The account was created for a person of a trusted issuer at their first sign-in. */
  'account.brought',
  'account.signInFailed',
  /** Somebody is guessing its password; recorded at most once an hour. */
  'account.attacked',
  /** A wrong password or code for a call that needs it from a signed-in person. */
  'account.reauthenticationFailed',
  /** A wrong code after the right password. */
  'account.secondFactorFailed',
  'account.totpAdded',
  'account.totpRemoved',
  'account.passkeyAdded',
  'account.passkeyRemoved',
  'account.recoveryCodesMade',
  /** The operator removed all second factors. */
  'account.factorsDropped',
  'account.passwordChanged',
  'account.passwordReset',
  'account.emailVerified',
  'account.emailChanged',
  /** Somebody else verified the address: the account lost it, its password and all sessions. */
  'account.emailLost',
  'account.sessionsRevoked',
  'account.suspended',
  'account.reinstated',
  'account.identityLinked',
  'account.identityUnlinked',
  'account.profileSet',
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
  'chat.postingChanged',
  'chat.archived',
  'chat.unarchived',
  'chat.deleted',
  'chat.memberJoined',
  'chat.memberLeft',
  'chat.memberAdded',
  'chat.memberRemoved',
  'chat.roleChanged',
  'message.deleted',
  'serviceKey.created',
  'serviceKey.revoked',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** Details of an action: ids, roles and counts, never names or content. */
export const AuditDetails = z.object({
  chatId: Id.optional(),
  chatType: ChatType.optional(),
  messageId: Id.optional(),
  inviteId: Id.optional(),
  sessionId: Id.optional(),
  passkeyId: Id.optional(),
  /** What a sign-in took beside the password, or instead of it. */
  method: SecondFactorMethod.optional(),
  /** The server of another app acted, with this key. */
  serviceKeyId: Id.optional(),
  /** How many sessions ended. */
  sessions: z.int().nonnegative().optional(),
  role: Role.optional(),
  roleBefore: Role.optional(),
  /** Null: messages are kept for ever. */
  retentionDays: z.int().nullable().optional(),
});
export type AuditDetails = z.infer<typeof AuditDetails>;

/**
 * One entry of the audit log. `actorId` is the person who acted; null: the operator, or somebody unknown (a failed
 * sign-in). `userId` is the person that the action was about. `address` is where the request came from; null if the
 * operator acted or the actor's account was erased. For people's own accounts, a workspace shows what happened and
 * when, without `details`, `address` and `requestId`.
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
