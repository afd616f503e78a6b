import { isFechatterError } from '@fechatter/client';
import { type ReactNode, useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

type Work = () => Promise<unknown>;

export interface Proof {
  /** Runs a call that may need a recent proof. If it does, the form appears, and the call runs again after it. */
  readonly proved: (work: Work) => Promise<void>;
  /** Asks for the proof; undefined while none is needed. */
  readonly form: ReactNode;
}

/** For calls that are allowed for ten minutes after signing in, or after the password, a code or a passkey. */
export function useProof(email: string): Proof {
  const [waiting, setWaiting] = useState<{ readonly work: Work }>();
  return {
    async proved(work) {
      try {
        await work();
      } catch (error) {
        if (!isFechatterError(error, 'reauthentication_needed')) throw error;
        setWaiting({ work });
      }
    },
    form: waiting && (
      <ProofForm
        email={email}
        onProved={async () => {
          await waiting.work();
          setWaiting(undefined);
        }}
      />
    ),
  };
}

function ProofForm({ email, onProved }: { readonly email: string; readonly onProved: Work }) {
  const [hasCode, setHasCode] = useState(false);
  const { run, problem } = useCall();

  async function prove(fields: FormData): Promise<void> {
    const given = hasCode ? { code: textOf(fields, 'code') } : { currentPassword: wholeTextOf(fields, 'current') };
    await chatter.auth.reauthenticate.mutate(given);
    await onProved();
  }

  async function proveByPasskey(): Promise<void> {
    const { passkeyOfDevice } = await import('./passkey-in-browser.ts');
    await chatter.auth.reauthenticate.mutate({ passkey: await passkeyOfDevice() });
    await onProved();
  }

  return (
    <div className="stack">
      <p>{texts.prove}</p>
      <Problem text={problem} />
      <Form key={String(hasCode)} submit={texts.continue} onSubmit={prove}>
        {hasCode ? (
          <Field label={texts.yourCode} name="code" autoComplete="one-time-code" required autoFocus />
        ) : (
          <>
            <input type="hidden" name="username" autoComplete="username" value={email} />
            <Field
              label={texts.yourPassword}
              name="current"
              type="password"
              autoComplete="current-password"
              required
              autoFocus
            />
          </>
        )}
      </Form>
      <p>
        <button type="button" className="link" onClick={() => run(proveByPasskey)}>
          {texts.usePasskey}
        </button>{' '}
        <button type="button" className="link" onClick={() => setHasCode(!hasCode)}>
          {hasCode ? texts.usePassword : texts.useCode}
        </button>
      </p>
    </div>
  );
}
