import type { Message } from '@fechatter/client';
import { useConnection, useUnsent } from '@fechatter/client/react';
import type { HistoryEntry } from '@fechatter/client/store';
import { memo, useState } from 'react';
import { chatter } from '../chatter.ts';
import { editDraft } from '../drafts/draft-names.ts';
import { drafts } from '../drafts/use-draft.ts';
import { UnsentFilesOf } from '../files/file-place.tsx';
import { PersonButton } from '../people/person-button.tsx';
import { Quote } from '../quotes/quote.tsx';
import { SeenBy } from '../receipts/seen-by.tsx';
import { timeOf } from '../texts/when.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { sentenceOfReason } from '../refusals/sentence-of.ts';
import type { Line } from './lines.ts';
import { MessageActions } from './message-actions.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageExtras } from './message-extras.tsx';
import { RichText } from '../markdown/rich-text.tsx';
import { texts as threadTexts } from '../threads/texts.ts';
import { locale } from '../texts/language.ts';
import { texts } from './texts.ts';

const fullFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' });

export interface MessageRowProps extends Line {
  /** Whether the person may delete other people's messages. */
  readonly isModerator: boolean;
  /** Whether it is the person's last message here: who has seen it is shown below it. */
  readonly isLastOwn?: boolean;
}

/** A line of a conversation. It renders again only when something in it has changed, not on scrolling. */
export const MessageRow = memo(function Row({
  entry,
  isOwn,
  isContinued,
  day,
  isFirstNew,
  isModerator,
  isLastOwn = false,
}: MessageRowProps) {
  const { message, content, createdAt } = entry;
  const [isEditing, setEditing] = useState(() => hasDraft(message, isOwn));
  const [hasBegun, setBegun] = useState(false);
  /** The button gets the focus back from the editor. */
  const [isFromButton, setFromButton] = useState(false);
  const sender: Pick<Message['sender'], 'id' | 'name' | 'accountId'> = message?.sender ?? {
    id: chatter.session?.id ?? '',
    name: chatter.session?.fullName ?? '',
  };
  const time = (
    <time dateTime={createdAt.toISOString()} title={fullFormat.format(createdAt)}>
      {timeOf(createdAt)}
    </time>
  );
  return (
    <>
      {day !== undefined && (
        <p className="day">
          <span>{day}</span>
        </p>
      )}
      {isFirstNew && (
        <p className="new">
          <span>{texts.newMessages}</span>
        </p>
      )}
      <article
        className="message"
        tabIndex={-1}
        data-state={entry.state}
        data-continued={isContinued}
        data-mentions={mentionsMe(message)}
      >
        <div className="side">{isContinued ? time : <Avatar {...sender} />}</div>
        <div className="said">
          {!isContinued && (
            <p className="who">
              <PersonButton userId={sender.accountId ?? sender.id} name={sender.name} className="name-button">
                <strong dir="auto">{sender.name}</strong>
              </PersonButton>{' '}
              {time}
            </p>
          )}
          {message !== null && message.deletedAt !== null ? (
            <p className="quiet">{threadTexts.deleted}</p>
          ) : isEditing && message !== null ? (
            <MessageEditor message={message} isFocused={hasBegun} onDone={() => setEditing(false)} />
          ) : (
            <>
              {message !== null && message.quotedId !== null && (
                <Quote chatId={message.chatId} quotedId={message.quotedId} />
              )}
              {content !== '' && <RichText content={content} />}
              {message?.editedAt && <small className="edited">{texts.edited}</small>}
            </>
          )}
          {message !== null && <MessageExtras message={message} />}
          {entry.unsentFiles !== undefined && entry.unsentFiles.length > 0 && (
            <UnsentFilesOf clientId={entry.key} files={entry.unsentFiles} />
          )}
          {entry.state !== 'sent' && <Unsent entry={entry} />}
          {isLastOwn && message !== null && <SeenBy message={message} />}
        </div>
        {message !== null && !isEditing && (
          <MessageActions
            message={message}
            isOwn={isOwn}
            isModerator={isModerator}
            isEditFocused={isFromButton}
            onEdit={(isFocused) => {
              setFromButton(isFocused);
              setBegun(true);
              setEditing(true);
            }}
          />
        )}
      </article>
    </>
  );
});

/** It mentions this person, or everyone. */
const mentionsMe = (message: Message | null): boolean => {
  const { userIds = [], everyone = false } = message?.mentions ?? {};
  return everyone || userIds.includes(chatter.session?.id ?? '');
};

/** An edit has been begun, before the page was reloaded or the row was scrolled away. */
const hasDraft = (message: Message | null, isOwn: boolean): boolean =>
  isOwn && message !== null && drafts.get(editDraft(message)) !== undefined;

/** The state of an own message that the service does not have yet. */
function Unsent({ entry }: { readonly entry: HistoryEntry }) {
  const unsent = useUnsent();
  const { status } = useConnection();
  if (entry.state === 'pending') {
    return (
      <small className="pending">
        <Icon name="clock" /> {status === 'live' ? texts.sending : texts.waits}
        {entry.unsentFiles !== undefined && entry.unsentFiles.length > 0 && (
          <button type="button" className="link" onClick={() => unsent.cancel(entry.key)}>
            {texts.cancel}
          </button>
        )}
      </small>
    );
  }
  return (
    <p className="failed" role="alert">
      {texts.notSent(causeOf(entry))}
      <button type="button" onClick={() => unsent.retry(entry.key)}>
        {texts.tryAgain}
      </button>
      <button type="button" onClick={() => unsent.cancel(entry.key)}>
        {texts.discard}
      </button>
    </p>
  );
}

function causeOf({ reason, unsentFiles = [] }: HistoryEntry): string {
  const isOfFile = unsentFiles.some(({ state }) => state === 'failed' || state === 'lost');
  return reason === null || reason === undefined
    ? isOfFile
      ? texts.seeFiles
      : texts.noResponse
    : sentenceOfReason(reason);
}
