import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';

/** Requests another mail that verifies the person's address. */
export function VerificationMail({ email }: { readonly email: string }) {
  const [isSent, setSent] = useState(false);
  const { run, isBusy, problem } = useCall();
  if (isSent) return <p role="status">We sent a link to {email}.</p>;
  return (
    <>
      <p className="quiet">
        {email} is not confirmed.{' '}
        <button
          type="button"
          className="link"
          aria-disabled={isBusy}
          onClick={() => run(() => chatter.auth.requestVerification.mutate().then(() => setSent(true)))}
        >
          Send me a link
        </button>
      </p>
      <Problem text={problem} />
    </>
  );
}
