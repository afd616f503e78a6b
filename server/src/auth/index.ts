import { changeEmail } from './change-email.ts';
import { changePassword } from './change-password.ts';
import { passkeyAdd } from './passkey-add.ts';
import { passkeyBegin } from './passkey-begin.ts';
import { passkeyRemove } from './passkey-remove.ts';
import { passkeySigninBegin } from './passkey-signin-begin.ts';
import { passkeySignin } from './passkey-signin.ts';
import { passkeys } from './passkeys.ts';
import { reauthenticate } from './reauthenticate.ts';
import { exchange } from './exchange.ts';
import { identities } from './identities.ts';
import { link } from './link.ts';
import { oidcBegin } from './oidc-begin.ts';
import { oidcFinish } from './oidc-finish.ts';
import { providers } from './providers.ts';
import { refresh } from './refresh.ts';
import { renewRecoveryCodes } from './renew-recovery-codes.ts';
import { renameSession } from './rename-session.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { requestVerification } from './request-verification.ts';
import { resetPassword } from './reset-password.ts';
import { revokeSession } from './revoke-session.ts';
import { secondFactor } from './second-factor.ts';
import { secondFactors } from './second-factors.ts';
import { sessions } from './sessions.ts';
import { signin } from './signin.ts';
import { signoutAll } from './signout-all.ts';
import { signoutOthers } from './signout-others.ts';
import { signout } from './signout.ts';
import { signup } from './signup.ts';
import { totpBegin } from './totp-begin.ts';
import { totpConfirm } from './totp-confirm.ts';
import { totpRemove } from './totp-remove.ts';
import { unlink } from './unlink.ts';
import { verifyEmail } from './verify-email.ts';

export const auth = {
  /** Creates an account and signs in. */
  signup,
  /** Opens a session. */
  signin,
  /** Exchanges a token of an issuer that this deployment trusts for a session. */
  exchange,
  /** Completes a sign-in that needs a second factor. */
  secondFactor,
  /** The providers with which people can sign in. */
  providers,
  /** Begins a sign-in at a provider: where to send the person. */
  oidcBegin,
  /** Finishes a sign-in at a provider, and opens a session. */
  oidcFinish,
  /** Adds a provider to your account, so that it signs you in. */
  link,
  /** The providers and apps that sign you in. */
  identities,
  /** Removes one of them. */
  unlink,
  /** Returns a new access token and the next refresh token. */
  refresh,
  /** Ends this session. */
  signout,
  /** Ends all sessions of this account, including this one. */
  signoutAll,
  /** Proves again who you are, for calls that need a recent proof. */
  reauthenticate,
  /** Ends all other sessions of this account. */
  signoutOthers,
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
  /** Sets up an authenticator app. */
  totpBegin,
  /** Confirms the authenticator app with a first code, and returns recovery codes. */
  totpConfirm,
  /** Removes the authenticator app. */
  totpRemove,
  /** Begins to add a passkey. */
  passkeyBegin,
  /** Adds a passkey. */
  passkeyAdd,
  /** Your passkeys, oldest first. */
  passkeys,
  /** Removes a passkey. */
  passkeyRemove,
  /** Begins to use a passkey. */
  passkeySigninBegin,
  /** Signs in with a passkey, without an address or a password. */
  passkeySignin,
  /** Makes new recovery codes. */
  renewRecoveryCodes,
  /** Your second factors, and how many recovery codes are left. */
  secondFactors,
  /** The devices on which this account is signed in, newest first. */
  sessions,
  /** Names one of your own devices. */
  renameSession,
  /** Signs out one of your own devices. */
  revokeSession,
};
