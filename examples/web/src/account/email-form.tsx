import type { Me } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf, wholeTextOf } from '../ui/form.tsx';
import { texts } from './texts.ts';
import { VerificationMail } from './verification-mail.tsx';

/** The person's address: whether it is verified, and a form to change it. */
export function EmailForm({ me }: { readonly me: Me }) {
  const [notice, setNotice] = useState<string>();

  async function change(fields: FormData): Promise<void> {
    const newEmail = textOf(fields, 'newEmail');
    await chatter.auth.changeEmail.mutate({ newEmail, currentPassword: wholeTextOf(fields, 'current') });
    setNotice(texts.addressChanges(newEmail));
  }

  return (
    <>
      {me.email !== null && me.emailVerifiedAt === null && <VerificationMail email={me.email} />}
      {notice !== undefined && <p role="status">{notice}</p>}
      <details>
        <summary>{texts.changeEmail}</summary>
        <Form submit={texts.change} onSubmit={change}>
          <Field label={texts.newAddress} name="newEmail" type="email" autoComplete="email" required />
          <Field
            label={texts.currentPassword}
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
        </Form>
      </details>
    </>
  );
}
