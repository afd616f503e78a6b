import type { Thread, Workspace } from '@fechatter/client';
import { useChats, useThreads } from '@fechatter/client/react';
import { MessageCard } from '../chat/message-card.tsx';
import { threadLink, workspaceLink } from '../route.ts';
import { whenOf } from '../texts/when.ts';
import { Icon } from '../ui/icon.tsx';
import { texts } from './texts.ts';

/** The threads that the person follows, the one with the latest reply first. */
export function ThreadsPage({ workspace: { id: workspaceId } }: { readonly workspace: Workspace }) {
  const threads = useThreads(workspaceId);
  const names = new Map(useChats(workspaceId).map(({ id, name }) => [id, name]));
  return (
    <main className="chat">
      <header>
        <a className="icon back" href={workspaceLink(workspaceId)} aria-label={texts.allConversations}>
          <Icon name="back" />
        </a>
        <Icon name="thread" />
        <h2>{texts.list}</h2>
      </header>
      {threads?.length === 0 && <p className="quiet nothing">{texts.none}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <ul className="cards" aria-label={texts.list} tabIndex={0}>
        {threads?.map((thread) => (
          <li key={thread.root.id}>
            <ThreadCard thread={thread} chatName={names.get(thread.root.chatId) ?? ''} workspaceId={workspaceId} />
          </li>
        ))}
      </ul>
    </main>
  );
}

interface ThreadCardProps {
  readonly thread: Thread;
  readonly chatName: string;
  readonly workspaceId: string;
}

function ThreadCard({ thread: { root, unreadCount }, chatName, workspaceId }: ThreadCardProps) {
  const { id, chatId, thread } = root;
  return (
    <MessageCard
      message={root}
      workspaceId={workspaceId}
      href={threadLink(chatId, workspaceId, id)}
      chatName={chatName}
      isUnread={unreadCount > 0}
    >
      {thread !== null && (
        <span className="card-foot">
          {texts.replies(thread.replyCount)}, {texts.last(whenOf(thread.lastReplyAt))}{' '}
          {unreadCount > 0 && <span className="badge">{texts.newReplies(unreadCount)}</span>}
        </span>
      )}
    </MessageCard>
  );
}
