import type { SessionEnd } from '@fechatter/client';
import { useEffect, useState } from 'react';
import { chatter } from './chatter.ts';
import { useRoute } from './route.ts';
import { takeProviderCallback } from './sign-in/provider-flow.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { texts } from './sign-in/texts.ts';
import { onDemand } from './ui/on-demand.tsx';

// Loaded on demand: most visits are by none of these.
const ProviderPage = onDemand(async () => (await import('./sign-in/provider-page.tsx')).ProviderPage);
const ResetPage = onDemand(async () => (await import('./mail-links/reset-page.tsx')).ResetPage);
const VerifyPage = onDemand(async () => (await import('./mail-links/verify-page.tsx')).VerifyPage);

/** A half of the page's code, which the form for signing in does not need. */
const SignedIn = onDemand(
  async () => (await import('./workspace/signed-in.tsx')).SignedIn,
  () => <p className="entry quiet">{texts.connecting}</p>,
);

export function App() {
  /** Undefined until it is known. */
  const [isSignedIn, setSignedIn] = useState<boolean>();
  const [end, setEnd] = useState<SessionEnd>();
  const [callback, setCallback] = useState(takeProviderCallback);

  useEffect(() => {
    void chatter.restore().then((session) => setSignedIn(session !== null));
    return chatter.onSessionEnded((reason) => {
      setEnd(reason);
      setSignedIn(false);
    });
  }, []);

  useEffect(() => {
    if (isSignedIn !== true) return undefined;
    const stop = new AbortController();
    const keep = async () => {
      const { keepPushes } = await import('./push/pushes.ts');
      if (!stop.signal.aborted) stop.signal.addEventListener('abort', keepPushes());
    };
    void keep().catch(() => {});
    return () => stop.abort();
  }, [isSignedIn]);

  const { mailLink } = useRoute();
  if (mailLink?.purpose === 'verify') return <VerifyPage token={mailLink.token} />;
  if (mailLink?.purpose === 'reset') return <ResetPage token={mailLink.token} />;
  if (callback !== undefined && isSignedIn !== undefined)
    return (
      <ProviderPage
        given={callback}
        onDone={() => {
          setCallback(undefined);
          setSignedIn(chatter.session !== null);
        }}
      />
    );
  if (isSignedIn === false) return <SignInPage lastEnd={end} onSignedIn={() => setSignedIn(true)} />;
  return isSignedIn === undefined ? null : <SignedIn />;
}
