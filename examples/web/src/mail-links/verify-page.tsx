import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { goOnTo } from '../route.ts';
import { Form } from '../ui/form.tsx';
import { texts } from './texts.ts';

/** The page of the link that verifies an address. It has a button, because mail scanners open links by themselves. */
export function VerifyPage({ token }: { readonly token: string }) {
  const [isDone, setDone] = useState(false);
  if (isDone)
    return (
      <main className="entry">
        <h1>{texts.thanks}</h1>
        <p role="status">{texts.confirmed}</p>
        <p>
          <button type="button" className="primary" onClick={() => goOnTo('#/')}>
            {texts.goOn}
          </button>
        </p>
      </main>
    );
  return (
    <main className="entry">
      <h1>{texts.isYours}</h1>
      <p>{texts.isYoursHint}</p>
      <Form
        submit={texts.confirm}
        onSubmit={() => chatter.auth.verifyEmail.mutate({ token }).then(() => setDone(true))}
      >
        {null}
      </Form>
    </main>
  );
}
