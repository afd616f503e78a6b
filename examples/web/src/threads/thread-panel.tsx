import type { ChatRow, Thread } from '@fechatter/client';
import { useChat, useFollowThread, useMarkThreadRead, useSend, useThread } from '@fechatter/client/react';
import { useMemo, useRef } from 'react';
import { Composer } from '../chat/composer.tsx';
import { GoneEdits } from '../chat/gone-edits.tsx';
import { linesOf } from '../chat/lines.ts';
import { MessageList } from '../chat/message-list.tsx';
import { MessageRow } from '../chat/message-row.tsx';
import { PlaceContext, usePlaceOf } from '../chat/place.ts';
import { timelineOfThread } from '../chat/timeline.ts';
import { ClosedNote, useClosedBecause } from '../chat-settings/closed-note.tsx';
import { replyDraft } from '../drafts/draft-names.ts';
import { useDropping } from '../files/use-dropping.ts';
import { useQuoting } from '../quotes/use-quoting.ts';
import { chatLink, useRoute } from '../route.ts';
import { Icon } from '../ui/icon.tsx';
import { Problem } from '../ui/form.tsx';
import { sentenceOf } from '../refusals/sentence-of.ts';
import { useCall } from '../ui/use-call.ts';
import { useFocusBack } from '../ui/use-focus-back.ts';
import { texts } from './texts.ts';

export interface ThreadPanelProps {
  readonly chatId: string;
  readonly rootId: string;
}

/** The replies to a message, beside its chat; on a narrow screen in its place. */
export function ThreadPanel({ chatId, rootId }: ThreadPanelProps) {
  const chat = useChat(chatId);
  return chat === undefined ? null : <OpenThread chat={chat} rootId={rootId} />;
}

function OpenThread({ chat, rootId }: { readonly chat: ChatRow; readonly rootId: string }) {
  const { id: chatId, workspaceId } = chat;
  const { thread, ...history } = useThread(chatId, rootId);
  const { quoted, quote, unquote } = useQuoting(replyDraft(chatId, rootId));
  const place = usePlaceOf(chat, quote, rootId);
  const markRead = useMarkThreadRead(chatId, rootId);
  const { messageNumber } = useRoute();
  const send = useSend(chatId, rootId);
  const back = chatLink({ workspaceId, id: chatId });
  const dropping = useDropping(replyDraft(chatId, rootId));
  const closed = useClosedBecause(chat);
  const panel = useRef<HTMLElement>(null);
  useFocusBack(panel);
  return (
    <PlaceContext value={place}>
      <aside ref={panel} className="thread" aria-label={texts.title} {...dropping}>
        <header>
          <a className="icon back" href={back} aria-label={texts.back}>
            <Icon name="back" />
          </a>
          <h2>
            {texts.title} <small dir="auto">{chat.name}</small>
          </h2>
          {thread !== undefined && <FollowButton thread={thread} />}
          <a className="icon shut" href={back} aria-label={texts.close} title={texts.close}>
            <Icon name="close" />
          </a>
        </header>
        {thread === undefined ? (
          <p className="quiet unread-yet" role="status">
            {history.error === undefined ? texts.reading : sentenceOf(history.error)}
          </p>
        ) : (
          <>
            <Root thread={thread} />
            <MessageList
              timeline={timelineOfThread(thread, chat)}
              history={history}
              markRead={markRead}
              jumpTo={messageNumber}
              label={texts.repliesIn(chat.name)}
              beginning={texts.beginning(thread.root.thread?.replyCount ?? 0)}
            />
            <GoneEdits chatId={chatId} history={history} />
            {closed !== undefined ? (
              <ClosedNote because={closed} />
            ) : (
              <Composer
                chat={chat}
                draftName={replyDraft(chatId, rootId)}
                rootId={rootId}
                label={texts.messageTo(chat.name)}
                placeholder={texts.placeholder}
                quoted={quoted}
                onUnquote={unquote}
                onSend={(content, extras) => {
                  send(content, extras);
                  if (history.hasNewer) void history.toNewest();
                }}
              />
            )}
          </>
        )}
      </aside>
    </PlaceContext>
  );
}

/** The message that was replied to stays in sight above the replies. */
function Root({ thread: { root } }: { readonly thread: Thread }) {
  const entry = useMemo(
    () => ({ key: root.id, state: 'sent' as const, content: root.content, createdAt: root.createdAt, message: root }),
    [root],
  );
  const [line] = useMemo(() => linesOf([entry], Number.POSITIVE_INFINITY, false), [entry]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard
    <div className="root" role="group" aria-label={texts.root} tabIndex={0}>
      {line !== undefined && <MessageRow {...line} day={undefined} isModerator={false} />}
    </div>
  );
}

function FollowButton({ thread: { root, following } }: { readonly thread: Thread }) {
  const follow = useFollowThread(root.chatId, root.id);
  const { run, problem } = useCall();
  const label = following ? texts.unfollow : texts.follow;
  return (
    <>
      <Problem text={problem} />
      <button
        type="button"
        className="icon"
        aria-pressed={following}
        aria-label={texts.follow}
        title={label}
        onClick={() => run(() => follow(!following))}
      >
        <Icon name={following ? 'bell' : 'bell-off'} />
      </button>
    </>
  );
}
