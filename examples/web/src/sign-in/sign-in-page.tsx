import { isFechatterError, type SessionEnd } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { useRoute } from '../route.ts';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { useCall } from '../ui/use-call.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import type { SecondStepProps } from './second-step.tsx';
import { texts } from './texts.ts';

// Few people need these.
const ForgottenPassword = onDemand(async () => (await import('./forgotten-password.tsx')).ForgottenPassword);
const SecondStep = onDemand(async () => (await import('./second-step.tsx')).SecondStep);

export interface SignInPageProps {
  /** Why the last session ended, if there was one. */
  readonly lastEnd: SessionEnd | undefined;
  readonly onSignedIn: () => void;
}

export function SignInPage({ lastEnd, onSignedIn }: SignInPageProps) {
  const [isNew, setNew] = useState(lastEnd === undefined);
  const [hasForgotten, setForgotten] = useState(false);
  const [step, setStep] = useState<Pick<SecondStepProps, 'challenge' | 'methods'>>();
  const { inviteToken } = useRoute();

  const passkey = useCall();

  async function enterByPasskey(): Promise<void> {
    const { passkeyOfDevice } = await import('../account/passkey-in-browser.ts');
    await chatter.auth.passkeySignin.mutate({ passkey: await passkeyOfDevice() });
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
        setStep({ challenge: error.data?.challenge ?? '', methods: error.data?.methods ?? [] });
        return;
      }
    }
    onSignedIn();
  }

  return (
    <main className="entry">
      <h1>
        <img src={new URL('../style/icon.svg', import.meta.url).href} alt="" /> {texts.title}
      </h1>
      {inviteToken !== undefined && <p role="status">{texts.invited}</p>}
      {lastEnd !== undefined && <p role="status">{texts.endings[lastEnd]}</p>}
      <Problem text={passkey.problem} />
      {step !== undefined ? (
        <SecondStep {...step} onSignedIn={onSignedIn} onBack={() => setStep(undefined)} />
      ) : hasForgotten ? (
        <ForgottenPassword onBack={() => setForgotten(false)} />
      ) : (
        <>
          <Form key={String(isNew)} submit={isNew ? texts.signUp : texts.signIn} onSubmit={enter}>
            {isNew && (
              <Field label={texts.name} name="fullName" autoComplete="name" required maxLength={100} autoFocus />
            )}
            <Field label={texts.email} name="email" type="email" autoComplete="username" required autoFocus={!isNew} />
            <Field
              label={texts.password}
              name="password"
              type="password"
              autoComplete={isNew ? 'new-password' : 'current-password'}
              required
              {...(isNew && { minLength: 8, hint: texts.passwordHint })}
            />
          </Form>
          <ProviderButtons inviteToken={inviteToken} />
          {!isNew && (
            <p>
              <button type="button" className="link" onClick={() => passkey.run(enterByPasskey)}>
                {texts.usePasskey}
              </button>{' '}
              <button type="button" className="link" onClick={() => setForgotten(true)}>
                {texts.forgotten}
              </button>
            </p>
          )}
          <p>
            {isNew ? texts.hasAccount : texts.isNew}{' '}
            <button type="button" className="link" onClick={() => setNew(!isNew)}>
              {isNew ? texts.signInInstead : texts.signUpInstead}
            </button>
          </p>
        </>
      )}
    </main>
  );
}
