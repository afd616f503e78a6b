import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';

/** Requests a mail to reset the password. Only the mail says whether the address has an account. */
export function ForgottenPassword({ onBack }: { readonly onBack: () => void }) {
  const [sentTo, setSentTo] = useState<string>();

  async function send(fields: FormData): Promise<void> {
    const email = textOf(fields, 'email');
    await chatter.auth.requestPasswordReset.mutate({ email });
    setSentTo(email);
  }

  return (
    <>
      {sentTo === undefined ? (
        <Form submit="Send me a link" onSubmit={send}>
          <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        </Form>
      ) : (
        <p role="status">
          If {sentTo} has an account here, a mail with a link is on its way. It is good for 30 minutes.
        </p>
      )}
      <p>
        <button type="button" className="link" onClick={onBack}>
          Back to signing in
        </button>
      </p>
    </>
  );
}
