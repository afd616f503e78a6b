import { z } from 'zod';
import { Id } from './ids.ts';
import { pageInput, NextCursor } from './page.ts';
import { AvatarUrl, Email, Name, Password } from './text.ts';

/** `Suspended` is the operator's doing and holds for the whole deployment. */
export const Status = z.enum(['Active', 'Suspended']);
export type Status = z.infer<typeof Status>;

/** A person, as those see them who share a workspace. */
export const User = z.object({
  id: Id,
  fullName: z.string(),
  avatarUrl: z.string().nullable(),
  status: Status,
  createdAt: z.date(),
});
export type User = z.infer<typeof User>;

/** Oneself. */
export const Me = User.extend({ email: z.string() });
export type Me = z.infer<typeof Me>;

/** Who wrote a message. */
export const Sender = z.object({ id: Id, name: z.string(), avatarUrl: z.string().nullable() });
/** A person in a list of members. */
export const MemberUser = Sender.extend({ status: Status });
export type MemberUser = z.infer<typeof MemberUser>;

export const UserUpdate = z.object({ fullName: Name.optional(), avatarUrl: AvatarUrl.nullable().optional() });

/** What signing up, signing in and refreshing answer. `id` is the user's; `expiresAt` is the token's. */
export const Session = z.object({
  id: Id,
  email: z.string(),
  fullName: z.string(),
  token: z.string(),
  expiresAt: z.date(),
  refreshToken: z.string(),
});
export type Session = z.infer<typeof Session>;

export const Signup = z.object({ email: Email, password: Password, fullName: Name });
/** Any text is a possible password here: what it must look like is no hint for someone who guesses. */
export const Signin = z.object({ email: z.string().max(1_000), password: z.string().max(1_000) });
export const PasswordChange = z.object({ currentPassword: z.string().max(1_000), newPassword: Password });

export const UserPage = z.object(pageInput).optional();

/** There is no way back: the word must be spelled out. */
export const AccountErasure = z.object({ password: z.string().max(1_000), confirmation: z.literal('erase') });

/** One device's sign-in. `expiresAt` moves with each use, up to 90 days from `createdAt`. */
export const SessionRow = z.object({
  id: Id,
  current: z.boolean(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.date(),
  lastUsedAt: z.date(),
  expiresAt: z.date(),
});
export const SessionList = z.object({ sessions: z.array(SessionRow), nextCursor: NextCursor });
