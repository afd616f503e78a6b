import { changePassword } from './change-password.ts';
import { refresh } from './refresh.ts';
import { revokeSession } from './revoke-session.ts';
import { sessions } from './sessions.ts';
import { signin } from './signin.ts';
import { signoutAll } from './signout-all.ts';
import { signout } from './signout.ts';
import { signup } from './signup.ts';

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
  /** The devices on which this account is signed in, the newest first. */
  sessions,
  /** Signs one of your own devices out. */
  revokeSession,
};
