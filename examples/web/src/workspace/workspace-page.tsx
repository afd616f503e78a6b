import { useChat, useConnection, useUnread, useWorkspaces } from '@fechatter/client/react';
import { useEffect } from 'react';
import { ChatView } from '../chat/chat-view.tsx';
import { useRoute } from '../route.ts';
import { AcceptInvite } from './accept-invite.tsx';
import { SpokenConnection } from './connection-note.tsx';
import { Rail } from './rail.tsx';
import { Sidebar } from './sidebar.tsx';
import { Welcome } from './welcome.tsx';

/** The page of a signed-in person. */
export function WorkspacePage() {
  const { inviteToken, workspaceId, chatId } = useRoute();
  const { isLoaded } = useConnection();
  const workspaces = useWorkspaces();
  const workspace = workspaces.find(({ id }) => id === workspaceId) ?? workspaces[0];
  useTitle(chatId);

  if (!isLoaded) return <p className="door quiet">Connecting…</p>;
  if (inviteToken !== undefined) return <AcceptInvite token={inviteToken} />;
  if (workspace === undefined) return <Welcome chatId={chatId} />;
  return (
    <div className="app" data-view={chatId === undefined ? 'list' : 'chat'}>
      <SpokenConnection />
      <Rail workspaces={workspaces} current={workspace} />
      <Sidebar key={workspace.id} workspace={workspace} />
      {chatId === undefined ? (
        <main className="chat empty">
          <p className="quiet">Choose a conversation, or begin one.</p>
        </main>
      ) : (
        <ChatView key={chatId} chatId={chatId} />
      )}
    </div>
  );
}

/** Shows the unread count and the current place in the tab's title. */
function useTitle(chatId = ''): void {
  const unread = useUnread();
  const name = useChat(chatId)?.name;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${name === undefined ? '' : `${name} · `}Fechatter`;
  }, [unread, name]);
}
