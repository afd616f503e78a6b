import { chatter } from '../chatter.ts';
import { beginAtProvider } from '../sign-in/provider-flow.ts';
import { dateOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { useResult } from '../ui/use-result.ts';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';
import { useProof } from './use-proof.tsx';

/** The providers and apps that sign the person in, and those that could. */
export function Identities({ email }: { readonly email: string }) {
  const { run, problem } = useCall();
  const { proved, form } = useProof(email);
  const linked = useResult(() => chatter.auth.identities.query(), 'identities');
  const known = useResult(() => chatter.auth.providers.query(), 'providers');
  const providers = known.result?.providers ?? [];
  const identities = linked.result?.identities ?? [];
  const unlink = async (identityId: string) => {
    await chatter.auth.unlink.mutate({ identityId });
    linked.askAgain();
  };

  if (form !== undefined) return form;
  return (
    <div className="stack">
      <Problem text={problem ?? linked.problem ?? known.problem} />
      {linked.result && identities.length === 0 && <p className="quiet">{texts.noIdentities}</p>}
      <ul className="rows">
        {identities.map(({ id, issuer, provider, createdAt }) => (
          <li key={id}>
            <span className="name">
              {providers.find((one) => one.id === provider)?.name ?? issuer}
              <small>{texts.since(dateOf(createdAt))}</small>
            </span>
            <button type="button" onClick={() => run(() => proved(() => unlink(id)))}>
              {texts.remove}
            </button>
          </li>
        ))}
      </ul>
      {providers
        .filter(({ id }) => identities.every(({ provider }) => provider !== id))
        .map(({ id, name }) => (
          <button key={id} type="button" onClick={() => run(() => beginAtProvider({ provider: id, purpose: 'link' }))}>
            {texts.link(name)}
          </button>
        ))}
      {identities.length > 0 && <p className="quiet">{texts.lastIdentity}</p>}
    </div>
  );
}
