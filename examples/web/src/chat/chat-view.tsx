import type { ChatRow } from '@fechatter/client';
import { useChat, useMarkRead, useMessages, useSend, useSystemLines } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { ClosedNote, useClosedBecause } from '../chat-settings/closed-note.tsx';
import { messageDraft } from '../drafts/draft-names.ts';
import { useDropping } from '../files/use-dropping.ts';
import { useViewed, view } from '../files/viewing.ts';
import { texts as pinTexts } from '../pins/texts.ts';
import { CustomStatus, PresenceDot } from '../presence/presence-dot.tsx';
import { useQuoting } from '../quotes/use-quoting.ts';
import { ChatSign } from '../workspace/chat-sign.tsx';
import { useRoute, workspaceLink } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { ChannelPreview } from './channel-preview.tsx';
import { Composer } from './composer.tsx';
import { GoneEdits } from './gone-edits.tsx';
import { useUnreadFrom } from './marked-unread.ts';
import { MessageList } from './message-list.tsx';
import { PlaceContext, usePlaceOf } from './place.ts';
import { texts } from './texts.ts';
import { timelineOfChat } from './timeline.ts';

// Not part of the first load.
const ChatDialog = onDemand(async () => (await import('./chat-dialog.tsx')).ChatDialog);
const FileList = onDemand(async () => (await import('../files/file-list.tsx')).FileList);
const Viewer = onDemand(async () => (await import('../files/viewer.tsx')).Viewer);
const PinsDialog = onDemand(async () => (await import('../pins/pins-dialog.tsx')).PinsDialog);

/** One conversation: its messages, and the composer. */
export function ChatView({ chatId }: { readonly chatId: string }) {
  const chat = useChat(chatId);
  return chat === undefined ? <ChannelPreview chatId={chatId} /> : <OpenChat chat={chat} />;
}

function OpenChat({ chat }: { readonly chat: ChatRow }) {
  const { id: chatId, name, chatType, workspaceId, otherUserId } = chat;
  const history = useMessages(chatId);
  const systemLines = useSystemLines(chatId);
  const send = useSend(chatId);
  const markRead = useMarkRead(chatId);
  const unreadFrom = useUnreadFrom(chat);
  const { messageNumber, rootId } = useRoute();
  const { quoted, quote, unquote } = useQuoting(messageDraft(chatId));
  const place = usePlaceOf(chat, quote);
  const [dialog, setDialog] = useState<'members' | 'pins' | 'files'>();
  const close = () => setDialog(undefined);
  const closed = useClosedBecause(chat);
  const dropping = useDropping(messageDraft(chatId));
  const viewed = useViewed();
  // It is closed with the chat: it must not open over another one, or for another person.
  useEffect(() => () => view(undefined), []);
  return (
    <PlaceContext value={place}>
      <main className="chat" {...dropping}>
        <header>
          <a className="icon back" href={workspaceLink(workspaceId)} aria-label={texts.allConversations}>
            <Icon name="back" />
          </a>
          <ChatSign chat={chat} />
          <h2 dir="auto">
            {name} {otherUserId !== null && <CustomStatus userId={otherUserId} />}
            {chat.topic !== null && (
              <small className="topic" title={chat.topic}>
                {chat.topic}
              </small>
            )}
          </h2>
          {otherUserId !== null && <PresenceDot userId={otherUserId} />}
          <button
            type="button"
            className="icon"
            aria-label={pinTexts.title}
            title={pinTexts.title}
            onClick={() => setDialog('pins')}
          >
            <Icon name="pin" />
          </button>
          <button
            type="button"
            className="icon"
            aria-label={texts.files}
            title={texts.files}
            onClick={() => setDialog('files')}
          >
            <Icon name="file" />
          </button>
          <button
            type="button"
            className="icon"
            aria-label={texts.members}
            title={texts.members}
            onClick={() => setDialog('members')}
          >
            <Icon name="people" />
          </button>
        </header>
        <MessageList
          timeline={timelineOfChat(chat)}
          history={history}
          systemLines={systemLines}
          markRead={markRead}
          unreadFrom={unreadFrom}
          jumpTo={rootId === undefined ? messageNumber : undefined}
          label={texts.messagesIn(name)}
          beginning={texts.beginning}
        />
        <GoneEdits chatId={chatId} history={history} />
        {closed !== undefined ? (
          <ClosedNote because={closed} />
        ) : (
          <Composer
            chat={chat}
            draftName={messageDraft(chatId)}
            label={texts.messageTo(name)}
            placeholder={texts.placeholder(`${chatType.endsWith('Channel') ? '#' : ''}${name}`)}
            quoted={quoted}
            onUnquote={unquote}
            onSend={(content, extras) => {
              send(content, extras);
              if (history.hasNewer) void history.toNewest();
            }}
          />
        )}
        {dialog === 'members' && <ChatDialog chat={chat} onClose={close} />}
        {dialog === 'pins' && <PinsDialog chat={chat} onClose={close} />}
        {dialog === 'files' && <FileList chat={chat} onClose={close} />}
        {viewed !== undefined && <Viewer viewed={viewed} onClose={() => view(undefined)} />}
      </main>
    </PlaceContext>
  );
}
