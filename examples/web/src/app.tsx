import type { SessionEnd } from '@fechatter/client';
import { FechatterProvider, useCreateStore } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { chatter } from './chatter.ts';
import { ResetPage } from './mail-links/reset-page.tsx';
import { VerifyPage } from './mail-links/verify-page.tsx';
import { useRoute } from './route.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { WorkspacePage } from './workspace/workspace-page.tsx';

export function App() {
  /** Undefined until it is known. */
  const [isSignedIn, setSignedIn] = useState<boolean>();
  const [end, setEnd] = useState<SessionEnd>();
  const store = useCreateStore(chatter, { openAt: 'firstUnread' });

  useEffect(() => {
    void chatter.restore().then((session) => setSignedIn(session !== null));
    return chatter.onSessionEnded((reason) => {
      setEnd(reason);
      setSignedIn(false);
    });
  }, []);

  const { mailLink } = useRoute();
  if (mailLink?.purpose === 'verify') return <VerifyPage token={mailLink.token} />;
  if (mailLink?.purpose === 'reset') return <ResetPage token={mailLink.token} />;
  if (isSignedIn === false) return <SignInPage lastEnd={end} onSignedIn={() => setSignedIn(true)} />;
  if (store === null) return null;
  return (
    <FechatterProvider store={store}>
      <WorkspacePage />
    </FechatterProvider>
  );
}
