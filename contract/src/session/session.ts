import { z } from 'zod';
import { Id } from '../ids.ts';
import { NextCursor } from '../page.ts';
import { Email, Name, Password, Typed } from '../text.ts';

/**
 * What signing up, signing in and refreshing answer. `id` is the user's; `expiresAt` is the token's. Keep `deviceToken`
 * over sign-outs, for a year, and give it to the next sign-in of this account: guesses of others then do not hold it up.
 */
export const Session = z.object({
  id: Id,
  email: z.string(),
  fullName: z.string(),
  token: z.string(),
  expiresAt: z.date(),
  refreshToken: z.string(),
  deviceToken: z.string(),
});
export type Session = z.infer<typeof Session>;

/** `inviteToken`: for deployments that only people join who were invited. */
export const Signup = z.object({ email: Email, password: Password, fullName: Name, inviteToken: Typed.optional() });
/** A `deviceToken` that is not good is as if none were given. */
export const Signin = z.object({ email: Typed, password: Typed, deviceToken: Typed.optional() });
/** When the address was proved to be its person's. */
export const VerifiedEmail = z.object({ emailVerifiedAt: z.date() });
export const MailToken = z.object({ token: Typed });
/** Any text: what an address must look like is no hint of which there are. */
export const PasswordResetRequest = z.object({ email: Typed });
export const PasswordReset = MailToken.extend({ newPassword: Password });
export const EmailChange = z.object({ newEmail: Email, currentPassword: Typed });
export const PasswordChange = z.object({ currentPassword: Typed, newPassword: Password });

/**
 * One device's sign-in. `userAgent` and `ip` are of its last refresh; `expiresAt` moves with each, up to 90 days from
 * `createdAt`.
 */
export const SessionRow = z.object({
  id: Id,
  current: z.boolean(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.date(),
  lastUsedAt: z.date(),
  expiresAt: z.date(),
});
export type SessionRow = z.infer<typeof SessionRow>;
export const SessionList = z.object({ sessions: z.array(SessionRow), nextCursor: NextCursor });
