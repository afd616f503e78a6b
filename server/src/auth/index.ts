import { changeEmail } from './change-email.ts';
import { changePassword } from './change-password.ts';
import { refresh } from './refresh.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { requestVerification } from './request-verification.ts';
import { resetPassword } from './reset-password.ts';
import { revokeSession } from './revoke-session.ts';
import { sessions } from './sessions.ts';
import { signin } from './signin.ts';
import { signoutAll } from './signout-all.ts';
import { signout } from './signout.ts';
import { signup } from './signup.ts';
import { verifyEmail } from './verify-email.ts';

export const auth = {
  /** Makes an account and signs it in. */
  signup,
  /** Opens a session. */
  signin,
  /** Returns a new access token and the next refresh token. */
  refresh,
  /** Ends this session. */
  signout,
  /** Ends all sessions of this account, this one too. */
  signoutAll,
  /** Changes the password and ends all other sessions. */
  changePassword,
  /** Asks for a mail that proves your address. */
  requestVerification,
  /** Proves an address by the token of a mail. */
  verifyEmail,
  /** Asks for a mail that sets a forgotten password anew. */
  requestPasswordReset,
  /** Sets a password anew by the token of a mail, and ends all sessions. */
  resetPassword,
  /** Changes the address, once the new one is proved. */
  changeEmail,
  /** The devices on which this account is signed in, the newest first. */
  sessions,
  /** Signs one of your own devices out. */
  revokeSession,
};
