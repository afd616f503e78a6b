import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** Requests another mail that verifies the person's address. */
export function VerificationMail({ email }: { readonly email: string }) {
  const [isSent, setSent] = useState(false);
  const { run, isBusy, problem } = useCall();
  if (isSent) return <p role="status">{texts.linkSent(email)}</p>;
  return (
    <>
      <p className="quiet">
        {texts.notConfirmed(email)}{' '}
        <button
          type="button"
          className="link"
          aria-disabled={isBusy}
          onClick={() => run(() => chatter.auth.requestVerification.mutate().then(() => setSent(true)))}
        >
          {texts.sendLink}
        </button>
      </p>
      <Problem text={problem} />
    </>
  );
}
