import type { Workspace } from '@fechatter/client';
import { useChats, useSaved, useStore } from '@fechatter/client/react';
import { useEffect } from 'react';
import { MessageCard } from '../chat/message-card.tsx';
import { linkOfMessage, workspaceLink } from '../route.ts';
import { texts as threadTexts } from '../threads/texts.ts';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** The messages of a workspace that the person has saved, the latest saved first. */
export function SavedPage({ workspace: { id: workspaceId } }: { readonly workspace: Workspace }) {
  const { saved, isLoaded, hasMore, loadMore } = useSaved();
  const store = useStore();
  const { run, problem } = useCall();
  const names = new Map(useChats(workspaceId).map(({ id, name }) => [id, name]));
  const here = saved.filter(({ message }) => names.has(message.chatId));
  // What was saved last may be of other workspaces.
  const isEmptyYet = isLoaded && hasMore && here.length === 0;
  useEffect(() => {
    if (isEmptyYet) void loadMore();
  }, [isEmptyYet, saved.length]);
  return (
    <main className="chat">
      <header>
        <a className="icon back" href={workspaceLink(workspaceId)} aria-label={threadTexts.allConversations}>
          <Icon name="back" />
        </a>
        <Icon name="bookmark" />
        <h2>{texts.title}</h2>
      </header>
      <Problem text={problem} />
      {isLoaded && here.length === 0 && !hasMore && <p className="quiet nothing">{texts.none}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <ul className="cards card-list" aria-label={texts.title} tabIndex={0}>
        {here.map(({ message }) => (
          <li key={message.id}>
            <MessageCard
              message={message}
              workspaceId={workspaceId}
              href={linkOfMessage(message, workspaceId)}
              chatName={names.get(message.chatId) ?? ''}
            />
            <button
              type="button"
              className="icon"
              aria-label={texts.unsave}
              title={texts.unsave}
              onClick={() => run(() => store.unsave(message.chatId, message.id))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
        {hasMore && (
          <li>
            <button type="button" onClick={() => void loadMore()}>
              {texts.more}
            </button>
          </li>
        )}
      </ul>
    </main>
  );
}
