import type { Me } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf, wholeTextOf } from '../ui/form.tsx';
import { VerificationMail } from './verification-mail.tsx';

/** The person's address: whether it is verified, and a form to change it. */
export function EmailForm({ me }: { readonly me: Me }) {
  const [notice, setNotice] = useState<string>();

  async function change(fields: FormData): Promise<void> {
    const newEmail = textOf(fields, 'newEmail');
    await chatter.auth.changeEmail.mutate({ newEmail, currentPassword: wholeTextOf(fields, 'current') });
    setNotice(`We sent a link to ${newEmail}. Your address changes when you open it.`);
  }

  return (
    <>
      {me.email !== null && me.emailVerifiedAt === null && <VerificationMail email={me.email} />}
      {notice !== undefined && <p role="status">{notice}</p>}
      <details>
        <summary>Change the e-mail address</summary>
        <Form submit="Change it" onSubmit={change}>
          <Field label="New address" name="newEmail" type="email" autoComplete="email" required />
          <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
        </Form>
      </details>
    </>
  );
}
