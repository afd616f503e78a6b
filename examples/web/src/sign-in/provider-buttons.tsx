import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useResult } from '../ui/use-result.ts';
import { useCall } from '../ui/use-call.ts';
import { beginAtProvider } from './provider-flow.ts';
import { texts } from './texts.ts';

/** A button for each provider with which people can sign in here. */
export function ProviderButtons({ inviteToken }: { readonly inviteToken: string | undefined }) {
  const { run, isBusy, problem } = useCall();
  const { result } = useResult(() => chatter.auth.providers.query(), 'providers');
  if (result === undefined || result.providers.length === 0) return null;
  return (
    <div className="providers">
      <Problem text={problem} />
      {result.providers.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-disabled={isBusy}
          onClick={() => run(() => beginAtProvider({ provider: id, purpose: 'signin', inviteToken }))}
        >
          {texts.signInWith(name)}
        </button>
      ))}
    </div>
  );
}
