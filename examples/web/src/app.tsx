import type { SessionEnd } from '@fechatter/client';
import { FechatterProvider } from '@fechatter/client/react';
import { createStore, type Store } from '@fechatter/client/store';
import { useEffect, useState } from 'react';
import { chatter } from './chatter.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { WorkspacePage } from './workspace/workspace-page.tsx';

/** A store while somebody is signed in; null for nobody; undefined until that is known. */
export function App() {
  const [store, setStore] = useState<Store | null>();
  const [end, setEnd] = useState<SessionEnd>();

  useEffect(() => {
    void chatter.restore().then((session) => setStore(session && createStore(chatter, { openAt: 'firstUnread' })));
    return chatter.onSessionEnded((reason) => {
      setEnd(reason);
      setStore(null);
    });
  }, []);
  useEffect(() => () => store?.close(), [store]);

  if (store === undefined) return null;
  if (store === null)
    return <SignInPage lastEnd={end} onSignedIn={() => setStore(createStore(chatter, { openAt: 'firstUnread' }))} />;
  return (
    <FechatterProvider store={store}>
      <WorkspacePage />
    </FechatterProvider>
  );
}
