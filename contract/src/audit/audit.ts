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
  /** Someone is guessing its password; recorded at most once an hour. */
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
  /** Another account verified the address: this one lost it, its password and all sessions. */
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
  'placeholder.claimed',
  'placeholder.confirmed',
  'placeholder.refused',
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
  /** The server of another app sent messages as this person, in this chat; recorded at most once a day. */
  'message.sentByKey',
  'bot.created',
  'bot.updated',
  'bot.deleted',
  'bot.keyRotated',
  /** A virus was found in what this person uploaded. */
  'file.infected',
  'emoji.created',
  'emoji.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.secretRotated',
  /** The service switched it off itself: its receiver responded 410, or every attempt failed for five days. */
  'webhook.switchedOff',
  'incomingWebhook.created',
  'incomingWebhook.deleted',
  'serviceKey.created',
  'serviceKey.revoked',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** Details of an action: ids, roles and counts, never names or content. */
export const AuditDetails = z.object({
  chatId: Id.optional(),
  chatType: ChatType.optional(),
  messageId: Id.optional(),
  /** The files of the message, or the picture of the emoji. */
  fileIds: z.array(Id).optional(),
  inviteId: Id.optional(),
  /** The placeholder of an import that was claimed. */
  placeholderId: Id.optional(),
  sessionId: Id.optional(),
  passkeyId: Id.optional(),
  webhookId: Id.optional(),
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
 * One entry of the audit log. `actorId` is the person who acted; null: the operator, or an unknown caller (a failed
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
