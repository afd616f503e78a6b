import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';
import { texts } from './texts.ts';

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
        <Form submit={texts.sendLink} onSubmit={send}>
          <Field label={texts.email} name="email" type="email" autoComplete="username" required autoFocus />
        </Form>
      ) : (
        <p role="status">{texts.linkSent(sentTo)}</p>
      )}
      <p>
        <button type="button" className="link" onClick={onBack}>
          {texts.back}
        </button>
      </p>
    </>
  );
}
