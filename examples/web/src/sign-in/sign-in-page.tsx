import { isFechatterError, type SessionEnd } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { useRoute } from '../route.ts';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { ForgottenPassword } from './forgotten-password.tsx';
import { SecondStep } from './second-step.tsx';

const endings: Readonly<Record<SessionEnd, string>> = {
  signed_out: 'You are signed out.',
  signed_out_elsewhere: 'You signed out in another tab.',
  session_revoked: 'You were signed out on this device.',
  refresh_invalid: 'You were away for a long time. Please sign in again.',
  account_suspended: 'This account is suspended.',
};

export interface SignInPageProps {
  /** Why the last session ended, if there was one. */
  readonly lastEnd: SessionEnd | undefined;
  readonly onSignedIn: () => void;
}

export function SignInPage({ lastEnd, onSignedIn }: SignInPageProps) {
  const [isNew, setNew] = useState(lastEnd === undefined);
  const [hasForgotten, setForgotten] = useState(false);
  const [challenge, setChallenge] = useState<string>();
  const { inviteToken } = useRoute();

  const passkey = useCall();

  async function enterByPasskey(): Promise<void> {
    const { signInByPasskey } = await import('../account/passkey-in-browser.ts');
    await signInByPasskey();
    onSignedIn();
  }

  async function enter(fields: FormData): Promise<void> {
    const email = textOf(fields, 'email');
    const password = wholeTextOf(fields, 'password');
    if (isNew) await chatter.auth.signup.mutate({ email, password, fullName: textOf(fields, 'fullName'), inviteToken });
    else {
      try {
        await chatter.auth.signin.mutate({ email, password });
      } catch (error) {
        if (!isFechatterError(error, 'second_factor_required')) throw error;
        setChallenge(error.data?.challenge);
        return;
      }
    }
    onSignedIn();
  }

  return (
    <main className="door">
      <h1>
        <img src={new URL('../style/icon.svg', import.meta.url).href} alt="" /> Fechatter
      </h1>
      {inviteToken !== undefined && <p role="status">You are invited. Sign up or sign in to accept.</p>}
      {lastEnd !== undefined && <p role="status">{endings[lastEnd]}</p>}
      <Problem text={passkey.problem} />
      {challenge !== undefined ? (
        <SecondStep challenge={challenge} onSignedIn={onSignedIn} onBack={() => setChallenge(undefined)} />
      ) : hasForgotten ? (
        <ForgottenPassword onBack={() => setForgotten(false)} />
      ) : (
        <>
          <Form key={String(isNew)} submit={isNew ? 'Sign up' : 'Sign in'} onSubmit={enter}>
            {isNew && <Field label="Name" name="fullName" autoComplete="name" required maxLength={100} autoFocus />}
            <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus={!isNew} />
            <Field
              label="Password"
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              required
              {...(isNew && { minLength: 8, hint: 'At least 8 characters.' })}
            />
          </Form>
          {!isNew && (
            <p>
              <button type="button" className="link" onClick={() => passkey.run(enterByPasskey)}>
                Use a passkey
              </button>{' '}
              <button type="button" className="link" onClick={() => setForgotten(true)}>
                Forgot your password?
              </button>
            </p>
          )}
          <p>
            {isNew ? 'You have an account?' : 'You are new here?'}{' '}
            <button type="button" className="link" onClick={() => setNew(!isNew)}>
              {isNew ? 'Sign in instead' : 'Sign up instead'}
            </button>
          </p>
        </>
      )}
    </main>
  );
}
