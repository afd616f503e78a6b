import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { goOnTo } from '../route.ts';
import { Form } from '../ui/form.tsx';

/** The page of the link that verifies an address. It has a button, because mail scanners open links by themselves. */
export function VerifyPage({ token }: { readonly token: string }) {
  const [isDone, setDone] = useState(false);
  if (isDone)
    return (
      <main className="entry">
        <h1>Thank you</h1>
        <p role="status">Your e-mail address is confirmed.</p>
        <p>
          <button type="button" className="primary" onClick={() => goOnTo('#/')}>
            Go on
          </button>
        </p>
      </main>
    );
  return (
    <main className="entry">
      <h1>Is this address yours?</h1>
      <p>You opened the link in our mail. Confirm that the address it came to is yours.</p>
      <Form submit="Confirm" onSubmit={() => chatter.auth.verifyEmail.mutate({ token }).then(() => setDone(true))}>
        {null}
      </Form>
    </main>
  );
}
