import { chatter } from '../chatter.ts';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

export interface SecondStepProps {
  /** From the refusal of the first step. */
  readonly challenge: string;
  /** What the account has. */
  readonly methods: readonly string[];
  readonly onSignedIn: () => void;
  readonly onBack: () => void;
}

/** Completes a sign-in whose password was right, with a code or a passkey. */
export function SecondStep({ challenge, methods, onSignedIn, onBack }: SecondStepProps) {
  const passkey = useCall();
  const enter = async (fields: FormData) => {
    await chatter.auth.secondFactor.mutate({ challenge, code: textOf(fields, 'code') });
    onSignedIn();
  };
  const enterByPasskey = async () => {
    const { passkeyOfDevice } = await import('../account/passkey-in-browser.ts');
    await chatter.auth.secondFactor.mutate({ challenge, passkey: await passkeyOfDevice() });
    onSignedIn();
  };
  const hasApp = methods.includes('Totp');
  return (
    <>
      {methods.includes('Passkey') && (
        <>
          <Problem text={passkey.problem} />
          <button type="button" className="primary" onClick={() => passkey.run(enterByPasskey)}>
            {texts.useYourPasskey}
          </button>
        </>
      )}
      <Form submit={texts.signIn} onSubmit={enter}>
        <Field
          label={texts.code}
          name="code"
          autoComplete="one-time-code"
          required
          autoFocus
          hint={hasApp ? texts.codeOfApp : texts.recoveryCode}
        />
      </Form>
      <p>
        <button type="button" className="link" onClick={onBack}>
          {texts.startAgain}
        </button>
      </p>
    </>
  );
}
