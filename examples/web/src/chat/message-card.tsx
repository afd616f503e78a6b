import type { Message } from '@fechatter/client';
import type { ReactNode } from 'react';
import { usePlain } from '../markdown/use-plain.ts';
import { whenOf } from '../texts/when.ts';
import { texts } from '../threads/texts.ts';
import { Avatar } from '../ui/avatar.tsx';

export interface MessageCardProps {
  readonly message: Message;
  readonly workspaceId: string;
  readonly href: string;
  /** Where it was sent, in a list of several conversations. */
  readonly chatName?: string;
  readonly isUnread?: boolean;
  readonly onOpen?: () => void;
  readonly children?: ReactNode;
}

/** A message in a list outside of its conversation: its beginning, and a link to it. */
export function MessageCard({ message, workspaceId, href, chatName, isUnread, onOpen, children }: MessageCardProps) {
  const plain = usePlain(workspaceId);
  const { sender, content, createdAt, deletedAt } = message;
  return (
    <a className="message-card" href={href} data-unread={isUnread} onClick={onOpen}>
      <Avatar {...sender} />
      <span className="card-body">
        <span className="card-head">
          <strong dir="auto">{sender.name}</strong> {chatName !== undefined && <span dir="auto">{chatName}</span>}{' '}
          <time dateTime={createdAt.toISOString()}>{whenOf(createdAt)}</time>
        </span>
        <span className="card-text" dir="auto">
          {deletedAt === null ? plain(content) : texts.deleted}
        </span>
        {children}
      </span>
    </a>
  );
}
