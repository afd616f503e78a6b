import type { SessionEnd } from '@fechatter/client';
import { translated } from '../texts/translated.ts';

/** The texts of signing in and up. */
export const texts = translated('sign-in', {
  title: 'Fechatter',
  connecting: 'Connecting…',
  endings: {
    signed_out: 'You are signed out.',
    signed_out_elsewhere: 'You signed out in another tab.',
    session_revoked: 'You were signed out on this device.',
    refresh_invalid: 'You were away for a long time. Please sign in again.',
    account_suspended: 'This account is suspended.',
    account_erased: 'Your account is erased.',
  } satisfies Record<SessionEnd, string>,
  invited: 'You are invited. Sign up or sign in to accept.',
  signUp: 'Sign up',
  signIn: 'Sign in',
  name: 'Name',
  email: 'E-mail',
  password: 'Password',
  passwordHint: 'At least 8 characters.',
  usePasskey: 'Use a passkey',
  forgotten: 'Forgot your password?',
  hasAccount: 'You have an account?',
  isNew: 'You are new here?',
  signInInstead: 'Sign in instead',
  signUpInstead: 'Sign up instead',
  signInWith: (provider: string) => `Sign in with ${provider}`,
  sendLink: 'Send me a link',
  linkSent: (email: string) =>
    `If ${email} has an account here, a mail with a link is on its way. It is good for 30 minutes.`,
  back: 'Back to signing in',
  notCompleted: 'The sign-in was not completed. Please try again.',
  linking: 'Linking your account',
  signingIn: 'Signing in',
  oneMoment: 'One moment…',
  goBack: 'Go back',
  useYourPasskey: 'Use your passkey',
  code: 'Code',
  codeOfApp: 'Of your authenticator app, or a recovery code. The sign-in is valid for five minutes.',
  recoveryCode: 'A recovery code. The sign-in is valid for five minutes.',
  startAgain: 'Start again',
});
