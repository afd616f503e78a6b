import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';

export interface SecondStepProps {
  /** From the refusal of the password. */
  readonly challenge: string;
  readonly onSignedIn: () => void;
  readonly onBack: () => void;
}

/** Completes a sign-in whose password was right, with a code. */
export function SecondStep({ challenge, onSignedIn, onBack }: SecondStepProps) {
  const enter = async (fields: FormData) => {
    await chatter.auth.secondFactor.mutate({ challenge, code: textOf(fields, 'code') });
    onSignedIn();
  };
  return (
    <>
      <Form submit="Sign in" onSubmit={enter}>
        <Field
          label="Code"
          name="code"
          autoComplete="one-time-code"
          required
          autoFocus
          hint="Of your authenticator app, or a recovery code. The sign-in is valid for five minutes."
        />
      </Form>
      <p>
        <button type="button" className="link" onClick={onBack}>
          Start again
        </button>
      </p>
    </>
  );
}
