import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { goOnTo } from '../route.ts';
import { Field, Form, wholeTextOf } from '../ui/form.tsx';
import { texts } from './texts.ts';

/** The page of the link that resets a forgotten password. */
export function ResetPage({ token }: { readonly token: string }) {
  const [isDone, setDone] = useState(false);

  async function reset(fields: FormData): Promise<void> {
    await chatter.auth.resetPassword.mutate({ token, newPassword: wholeTextOf(fields, 'new') });
    // Signs out the person who is signed in here.
    await chatter.signout();
    setDone(true);
  }

  if (isDone)
    return (
      <main className="entry">
        <h1>{texts.changed}</h1>
        <p role="status">{texts.changedHint}</p>
        <p>
          <button type="button" className="primary" onClick={() => goOnTo('#/')}>
            {texts.signIn}
          </button>
        </p>
      </main>
    );
  return (
    <main className="entry">
      <h1>{texts.choose}</h1>
      <Form submit={texts.change} onSubmit={reset}>
        <Field
          label={texts.newPassword}
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint={texts.hint}
          autoFocus
        />
      </Form>
    </main>
  );
}
