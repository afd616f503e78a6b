import type { Message } from '@fechatter/client';
import { useConnection, useUnsent } from '@fechatter/client/react';
import type { HistoryEntry } from '@fechatter/client/store';
import { memo, useState } from 'react';
import { chatter } from '../chatter.ts';
import { editDraft } from '../drafts/draft-names.ts';
import { drafts } from '../drafts/use-draft.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import type { Line } from './lines.ts';
import { MessageEditor } from './message-editor.tsx';
import { RichText } from './rich-text.tsx';

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export interface MessageRowProps extends Line {
  /** Whether the person may delete other people's messages. */
  readonly isModerator: boolean;
}

/** A line of a conversation. It renders again only when something in it has changed, not on scrolling. */
export const MessageRow = memo(function Row({
  entry,
  isOwn,
  isContinued,
  day,
  isFirstNew,
  isModerator,
}: MessageRowProps) {
  const { message, content, createdAt } = entry;
  const [isEditing, setEditing] = useState(() => hasDraft(message, isOwn));
  const [hasBegun, setBegun] = useState(false);
  const sender = message?.sender ?? { id: chatter.session?.id ?? '', name: chatter.session?.fullName ?? '' };
  const time = (
    <time dateTime={createdAt.toISOString()} title={fullFormat.format(createdAt)}>
      {timeFormat.format(createdAt)}
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
          <span>New messages</span>
        </p>
      )}
      <article className="message" tabIndex={-1} data-state={entry.state} data-continued={isContinued}>
        <div className="side">{isContinued ? time : <Avatar {...sender} />}</div>
        <div className="said">
          {!isContinued && (
            <p className="who">
              <strong dir="auto">{sender.name}</strong> {time}
            </p>
          )}
          {isEditing && message !== null ? (
            <MessageEditor message={message} isFocused={hasBegun} onDone={() => setEditing(false)} />
          ) : (
            <>
              <RichText content={content} />
              {message?.editedAt && <small className="edited">edited</small>}
            </>
          )}
          {entry.state !== 'sent' && <Unsent entry={entry} />}
        </div>
        {message !== null && !isEditing && (
          <Actions
            message={message}
            isOwn={isOwn}
            mayDelete={isOwn || isModerator}
            onEdit={() => {
              setBegun(true);
              setEditing(true);
            }}
          />
        )}
      </article>
    </>
  );
});

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
        <Icon name="clock" /> {status === 'live' ? 'Sending…' : 'Waits for the connection'}
      </small>
    );
  }
  return (
    <p className="failed" role="alert">
      Not sent: {entry.reason?.replaceAll('_', ' ') ?? 'the service did not answer'}.
      <button type="button" onClick={() => unsent.retry(entry.key)}>
        Try again
      </button>
      <button type="button" onClick={() => unsent.cancel(entry.key)}>
        Discard
      </button>
    </p>
  );
}

interface ActionsProps {
  readonly message: Message;
  readonly isOwn: boolean;
  readonly mayDelete: boolean;
  readonly onEdit: () => void;
}

/** The actions on a message. */
function Actions({ message: { chatId, id: messageId }, isOwn, mayDelete, onEdit }: ActionsProps) {
  const { run, problem } = useCall();
  if (!mayDelete) return null;
  return (
    <div className="actions">
      <Problem text={problem} />
      {isOwn && (
        <button type="button" className="icon" aria-label="Edit message" title="Edit message" onClick={onEdit}>
          <Icon name="edit" />
        </button>
      )}
      <SureButton
        question="Delete for everyone?"
        label="Delete message"
        className="icon"
        onSure={() => run(() => chatter.message.delete.mutate({ chatId, messageId }))}
      >
        <Icon name="trash" />
      </SureButton>
    </div>
  );
}
