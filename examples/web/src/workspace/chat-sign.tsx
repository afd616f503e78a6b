import type { ChatRow } from '@fechatter/client';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';

/** An icon for the type of conversation. */
export function ChatSign({ chat }: { readonly chat: Pick<ChatRow, 'id' | 'name' | 'chatType' | 'otherUserId'> }) {
  switch (chat.chatType) {
    case 'PublicChannel':
      return (
        <span className="sign" aria-hidden="true">
          #
        </span>
      );
    case 'PrivateChannel':
      return <Icon name="lock" />;
    case 'Group':
      return <Icon name="people" />;
    case 'Single':
      return <Avatar id={chat.otherUserId ?? chat.id} name={chat.name} />;
    default:
      return chat.chatType satisfies never;
  }
}
