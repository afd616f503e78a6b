import { z } from 'zod';
import { OutputId } from '../ids.ts';
import { pageInput } from '../page.ts';
import { AvatarUrl, Name, Typed } from '../text.ts';

/** `Suspended` is set by the operator, for the whole deployment. */
export const Status = z.enum(['Active', 'Suspended']);
export type Status = z.infer<typeof Status>;

/** A bot is a program that takes part in the chats of one workspace. */
export const UserKind = z.enum(['Person', 'Bot']);
export type UserKind = z.infer<typeof UserKind>;

/** A person or a bot, as people who share a workspace see them. */
export const User = z.object({
  id: OutputId,
  kind: UserKind,
  fullName: z.string(),
  avatarUrl: z.string().nullable(),
  status: Status,
  createdAt: z.date(),
});
export type User = z.infer<typeof User>;

/** Your own account. `email` is null for one without; `emailVerifiedAt` is when it was verified; null: it was not. */
export const Me = User.extend({ email: z.string().nullable(), emailVerifiedAt: z.date().nullable() });
export type Me = z.infer<typeof Me>;

/**
 * The sender of a message. `accountId` is there for a placeholder of an import that was claimed: it names the account
 * whose it is, and whose name and picture it has.
 */
export const Sender = z.object({
  id: OutputId,
  kind: UserKind,
  name: z.string(),
  avatarUrl: z.string().nullable(),
  accountId: OutputId.optional(),
});
/** A person in a list of members. */
export const MemberUser = Sender.extend({ status: Status });
export type MemberUser = z.infer<typeof MemberUser>;

export const UserUpdate = z.object({ fullName: Name.optional(), avatarUrl: AvatarUrl.nullable().optional() });

export const UserPage = z.object(pageInput).optional();

/**
 * Cannot be undone, so `confirmation` must spell out the word. Without `password` you must have signed in, or called
 * `auth.reauthenticate`, within the last ten minutes.
 */
export const AccountErasure = z.object({ password: Typed.optional(), confirmation: z.literal('erase') });
