import { useChat, useMessages, useSend } from '@fechatter/client/react';
import { useState } from 'react';
import { ChatSign } from '../workspace/sidebar.tsx';
import { workspaceLink } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { ChannelPreview } from './channel-preview.tsx';
import { ChatDialog } from './chat-dialog.tsx';
import { Composer } from './composer.tsx';
import { GoneEdits } from './gone-edits.tsx';
import { MessageList } from './message-list.tsx';

/** One conversation: its messages, and the composer. */
export function ChatView({ chatId }: { readonly chatId: string }) {
  const chat = useChat(chatId);
  const history = useMessages(chatId);
  const send = useSend(chatId);
  const [isOpen, setOpen] = useState(false);

  function say(content: string): void {
    send(content);
    if (history.hasNewer) void history.toNewest();
  }

  if (chat === undefined) return <ChannelPreview chatId={chatId} />;
  return (
    <main className="chat">
      <header>
        <a className="icon back" href={workspaceLink(chat.workspaceId)} aria-label="All conversations">
          <Icon name="back" />
        </a>
        <ChatSign chat={chat} />
        <h2 dir="auto">{chat.name}</h2>
        <button type="button" className="icon" aria-label="Members" title="Members" onClick={() => setOpen(true)}>
          <Icon name="people" />
        </button>
      </header>
      <MessageList chat={chat} history={history} />
      <GoneEdits chatId={chatId} history={history} />
      <Composer chat={chat} onSend={say} />
      {isOpen && <ChatDialog chat={chat} onClose={() => setOpen(false)} />}
    </main>
  );
}
