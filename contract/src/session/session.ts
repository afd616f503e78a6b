import { z } from 'zod';
import { Id } from '../ids.ts';
import { NextCursor } from '../page.ts';
import { Email, Name, Password, Typed } from '../text.ts';

/**
 * What signing up, signing in and refreshing return. `id` is the user's; `email` is null for an account without one;
 * `expiresAt` is the token's. Keep `deviceToken`
 * for a year, also after a sign-out, and pass it to the next sign-in of this account: then other people's wrong guesses
 * do not lock it out.
 */
export const Session = z.object({
  id: Id,
  email: z.string().nullable(),
  fullName: z.string(),
  token: z.string(),
  expiresAt: z.date(),
  refreshToken: z.string(),
  deviceToken: z.string(),
});
export type Session = z.infer<typeof Session>;

/** `inviteToken`: for deployments where signing up needs an invitation. */
export const Signup = z.object({ email: Email, password: Password, fullName: Name, inviteToken: Typed.optional() });
/** An invalid `deviceToken` is ignored. */
export const Signin = z.object({ email: Typed, password: Typed, deviceToken: Typed.optional() });
/** Fits into the body of a call without a token. */
const ISSUED_TOKEN_MAX_CHARS = 4_000;
/** A JWT of an issuer that this deployment trusts. */
export const Exchange = z.object({ token: z.string().min(1).max(ISSUED_TOKEN_MAX_CHARS) });
/** A provider with which people can sign in. */
export const Provider = z.object({ id: z.string(), name: z.string() });
export const ProviderList = z.object({ providers: z.array(Provider) });
export const OidcBegin = z.object({ provider: Typed });
/**
 * A sign-in at a provider: send the person to `url`, and keep `secret` where no other page can read it until they are
 * back, for ten minutes at most.
 */
export const OidcBegun = z.object({ url: z.string(), secret: z.string(), expiresAt: z.date() });
/**
 * What came back: `state`, `code` and, if there is one, `iss` of the address to which the provider sent the person, and
 * the `secret` of the beginning.
 */
export const OidcCallback = z.object({
  state: Typed,
  code: z.string().max(2_000),
  iss: Typed.optional(),
  secret: Typed,
});
/** `inviteToken`: for deployments where signing up needs an invitation. */
export const OidcFinish = OidcCallback.extend({ inviteToken: Typed.optional() });
/**
 * An external account that signs you in; `provider` is null for one that is not, or no longer, among the providers
 * here.
 */
export const Identity = z.object({
  id: Id,
  issuer: z.string(),
  provider: z.string().nullable(),
  createdAt: z.date(),
});
export const IdentityList = z.object({ identities: z.array(Identity) });
export const IdentityRef = z.object({ identityId: Id });
/** When the address was verified. */
export const VerifiedEmail = z.object({ emailVerifiedAt: z.date() });
export const MailToken = z.object({ token: Typed });
/** Any text is valid: the rules for addresses give no hint of which ones have an account. */
export const PasswordResetRequest = z.object({ email: Typed });
export const PasswordReset = MailToken.extend({ newPassword: Password });
export const EmailChange = z.object({ newEmail: Email, currentPassword: Typed });
export const PasswordChange = z.object({ currentPassword: Typed, newPassword: Password });

/**
 * One device's session. `name` is what you call the device; null: nothing. It stays over sign-outs of a known device. `userAgent` and `ip` are those of its last refresh; each refresh moves `expiresAt`, up to 90
 * days from `createdAt`.
 */
export const SessionRow = z.object({
  id: Id,
  current: z.boolean(),
  name: z.string().nullable(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.date(),
  lastUsedAt: z.date(),
  expiresAt: z.date(),
});
export type SessionRow = z.infer<typeof SessionRow>;
export const SessionList = z.object({ sessions: z.array(SessionRow), nextCursor: NextCursor });
/** `name` null: the device has none any more. */
export const SessionRename = z.object({ sessionId: Id, name: Name.nullable() });
