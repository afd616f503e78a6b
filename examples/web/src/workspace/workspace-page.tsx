import { useChat, useConnection, useUnread, useWorkspaces } from '@fechatter/client/react';
import { useEffect } from 'react';
import { ChatView } from '../chat/chat-view.tsx';
import { PersonPopover } from '../people/person-popover.tsx';
import { useActivity } from '../presence/use-activity.ts';
import { Dialogs } from '../dialogs/dialogs.tsx';
import { useRoute } from '../route.ts';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { useVisits } from '../switcher/visits.ts';
import { onDemand } from '../ui/on-demand.tsx';
import '../style/workspace.css';
import { AcceptInvite } from './accept-invite.tsx';
import { SpokenConnection } from './connection-note.tsx';
import { Rail } from './rail.tsx';
import { Sidebar } from './sidebar.tsx';
import { texts } from './texts.ts';
import { Welcome } from './welcome.tsx';

const ThreadPanel = onDemand(async () => (await import('../threads/thread-panel.tsx')).ThreadPanel);
const SavedPage = onDemand(async () => (await import('../saved/saved-page.tsx')).SavedPage, <main className="chat" />);
const ThreadsPage = onDemand(
  async () => (await import('../threads/threads-page.tsx')).ThreadsPage,
  <main className="chat" />,
);

/** The page of a signed-in person. */
export function WorkspacePage() {
  const { inviteToken, workspaceId, page, chatId, rootId } = useRoute();
  const { isLoaded } = useConnection();
  const workspaces = useWorkspaces();
  // A notification knows only the chat.
  const ofChat = useChat(chatId ?? '')?.workspaceId;
  const workspace =
    workspaces.find(({ id }) => id === workspaceId) ?? workspaces.find(({ id }) => id === ofChat) ?? workspaces[0];
  useTitle(chatId);
  useActivity();
  useVisits(chatId);
  useShortcuts(workspace);

  if (!isLoaded) return <p className="entry quiet">{texts.connection.connecting}</p>;
  if (inviteToken !== undefined) return <AcceptInvite token={inviteToken} />;
  if (workspace === undefined) return <Welcome chatId={chatId} />;
  return (
    <div
      className="app"
      data-view={chatId === undefined && page === undefined ? 'list' : 'chat'}
      data-thread={rootId !== undefined}
    >
      <SpokenConnection />
      <Rail workspaces={workspaces} current={workspace} />
      <Sidebar key={workspace.id} workspace={workspace} />
      {page === 'threads' ? (
        <ThreadsPage workspace={workspace} />
      ) : page === 'saved' ? (
        <SavedPage workspace={workspace} />
      ) : chatId === undefined ? (
        <main className="chat empty">
          <p className="quiet">{texts.choose}</p>
        </main>
      ) : (
        <ChatView key={chatId} chatId={chatId} />
      )}
      {chatId !== undefined && rootId !== undefined && <ThreadPanel key={rootId} chatId={chatId} rootId={rootId} />}
      <PersonPopover />
      <Dialogs workspace={workspace} />
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
