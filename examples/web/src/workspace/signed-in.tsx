import { FechatterProvider, useCreateStore } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { WorkspacePage } from './workspace-page.tsx';

/** The page of a signed-in person, with the store of all that it shows. Neither is needed for the form for signing in. */
export function SignedIn() {
  const store = useCreateStore(chatter, { openAt: 'firstUnread' });
  return store === null ? null : (
    <FechatterProvider store={store}>
      <WorkspacePage />
    </FechatterProvider>
  );
}
