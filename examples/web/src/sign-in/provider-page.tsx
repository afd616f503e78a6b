import { isFechatterError } from '@fechatter/client';
import { useEffect, useState } from 'react';
import { useProof } from '../account/use-proof.tsx';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import type { ProviderCallback } from './provider-flow.ts';
import { SecondStep, type SecondStepProps } from './second-step.tsx';
import { texts } from './texts.ts';

export interface ProviderPageProps {
  /** Null: the provider refused, or the sign-in was begun elsewhere. */
  readonly given: ProviderCallback | null;
  readonly onDone: () => void;
}

/** The page to which a provider sends people back: it finishes the sign-in or the linking. */
export function ProviderPage({ given, onDone }: ProviderPageProps) {
  const [step, setStep] = useState<Pick<SecondStepProps, 'challenge' | 'methods'>>();
  const { run, problem } = useCall();
  const { proved, form } = useProof('');

  async function finish({ purpose, callback, inviteToken }: ProviderCallback): Promise<void> {
    if (purpose === 'link') {
      await proved(async () => {
        await chatter.auth.link.mutate(callback);
        onDone();
      });
      return;
    }
    try {
      await chatter.auth.oidcFinish.mutate({ ...callback, inviteToken });
      onDone();
    } catch (error) {
      if (!isFechatterError(error, 'second_factor_required')) throw error;
      setStep({ challenge: error.data?.challenge ?? '', methods: error.data?.methods ?? [] });
    }
  }

  useEffect(() => {
    if (given !== null) run(() => finish(given));
  }, [given]);

  const failure = given === null ? texts.notCompleted : problem;
  return (
    <main className="entry">
      <h1>{given?.purpose === 'link' ? texts.linking : texts.signingIn}</h1>
      {form}
      {step && <SecondStep {...step} onSignedIn={onDone} onBack={onDone} />}
      {form === undefined && step === undefined && failure === undefined && <p role="status">{texts.oneMoment}</p>}
      <Problem text={failure} />
      {failure !== undefined && (
        <p>
          <button type="button" className="primary" onClick={onDone}>
            {texts.goBack}
          </button>
        </p>
      )}
    </main>
  );
}
