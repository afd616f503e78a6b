import { changeEmail } from './change-email.ts';
import { changePassword } from './change-password.ts';
import { reauthenticate } from './reauthenticate.ts';
import { exchange } from './exchange.ts';
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
  /** Creates an account and signs in. */
  signup,
  /** Opens a session. */
  signin,
  /** Exchanges a token of an issuer that this deployment trusts for a session. */
  exchange,
  /** Returns a new access token and the next refresh token. */
  refresh,
  /** Ends this session. */
  signout,
  /** Ends all sessions of this account, including this one. */
  signoutAll,
  /** Proves again who you are, for calls that need a recent proof. */
  reauthenticate,
  /** Changes the password and ends all other sessions. */
  changePassword,
  /** Requests a mail to verify your address. */
  requestVerification,
  /** Verifies an address with the token from a mail. */
  verifyEmail,
  /** Requests a mail to reset a forgotten password. */
  requestPasswordReset,
  /** Resets a password with the token from a mail, and ends all sessions. */
  resetPassword,
  /** Changes the address, once the new one is verified. */
  changeEmail,
  /** The devices on which this account is signed in, newest first. */
  sessions,
  /** Signs out one of your own devices. */
  revokeSession,
};
