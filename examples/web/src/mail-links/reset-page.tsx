import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { goOnTo } from '../route.ts';
import { Field, Form, wholeTextOf } from '../ui/form.tsx';

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
        <h1>Your password is changed</h1>
        <p role="status">All devices are signed out. Sign in with the new password.</p>
        <p>
          <button type="button" className="primary" onClick={() => goOnTo('#/')}>
            Sign in
          </button>
        </p>
      </main>
    );
  return (
    <main className="entry">
      <h1>Choose a new password</h1>
      <Form submit="Change it" onSubmit={reset}>
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint="At least 8 characters. All devices are signed out."
          autoFocus
        />
      </Form>
    </main>
  );
}
