import type { Message, ThreadSummary } from '@fechatter/client';
import { usePeople } from '../people/people.ts';
import { threadLink } from '../route.ts';
import { whenOf } from '../texts/when.ts';
import { Avatar } from '../ui/avatar.tsx';
import { texts } from './texts.ts';
import { useUnreadThreads } from './unread-threads.ts';

const AVATARS_MAX = 4;

export interface ThreadLineProps {
  readonly root: Message;
  readonly thread: ThreadSummary;
  readonly workspaceId: string;
}

/** Below a message that was replied to: by whom, how often and when; it opens the thread. */
export function ThreadLine({ root: { id, chatId }, thread, workspaceId }: ThreadLineProps) {
  const people = usePeople(workspaceId);
  const unread = useUnreadThreads(workspaceId).get(id) ?? 0;
  if (thread.replyCount === 0) return null;
  return (
    <a className="thread-line" href={threadLink(chatId, workspaceId, id)} data-unread={unread > 0}>
      <span className="faces">
        {thread.participantIds.slice(0, AVATARS_MAX).map((userId) => (
          <Avatar
            key={userId}
            id={userId}
            name={people.get(userId)?.name ?? ''}
            avatarUrl={people.get(userId)?.avatarUrl}
          />
        ))}
      </span>
      <strong>{unread > 0 ? texts.newReplies(unread) : texts.replies(thread.replyCount)}</strong>
      <span className="quiet">{texts.last(whenOf(thread.lastReplyAt))}</span>
    </a>
  );
}
