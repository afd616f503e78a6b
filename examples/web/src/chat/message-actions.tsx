import { type Message } from '@fechatter/client';
import { useLayoutEffect, useRef, useState } from 'react';
import { AddReaction } from '../reactions/add-reaction.tsx';
import { threadLink } from '../route.ts';
import { texts as threadTexts } from '../threads/texts.ts';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { useCall } from '../ui/use-call.ts';
import { hasReceiptsIn, usePlace } from './place.ts';
import { texts } from './texts.ts';

const ReadersDialog = onDemand(async () => (await import('../receipts/readers-dialog.tsx')).ReadersDialog);
const MessageMenu = onDemand(async () => (await import('./message-menu.tsx')).MessageMenu);

export interface MessageActionsProps {
  readonly message: Message;
  readonly isOwn: boolean;
  /** Whether the person may delete other people's messages. */
  readonly isModerator: boolean;
  /** Whether an edit has ended that this bar began: its button has the focus again. */
  readonly isEditFocused: boolean;
  /** `isFocused`: the button was pressed, and not a key elsewhere. */
  readonly onEdit: (isFocused: boolean) => void;
}

/** The bar over a message: what is done often; the rest is in a menu. */
export function MessageActions({ message, isOwn, isModerator, isEditFocused, onEdit }: MessageActionsProps) {
  const { chatId, id: messageId } = message;
  const place = usePlace();
  const { workspaceId, rootId, onQuote } = place;
  const hasReceipts = isOwn && message.threadId === null && hasReceiptsIn(place);
  const [isOpen, setOpen] = useState(false);
  const [hasReaders, setReaders] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const edit = useRef<HTMLButtonElement>(null);
  const { run, problem } = useCall();
  useLayoutEffect(() => {
    if (isEditFocused) edit.current?.focus();
  }, []);
  if (onQuote === undefined || message.deletedAt !== null) return null;
  return (
    <div className="actions" data-open={isOpen || undefined}>
      <Problem text={problem} />
      <AddReaction message={message} workspaceId={workspaceId} className="icon" />
      {rootId === undefined && (
        <a
          className="icon"
          data-thread
          href={threadLink(chatId, workspaceId, messageId)}
          aria-label={threadTexts.reply}
          title={threadTexts.reply}
        >
          <Icon name="thread" />
        </a>
      )}
      {isOwn && (
        <button
          ref={edit}
          type="button"
          className="icon"
          data-edit
          aria-label={texts.edit}
          title={texts.edit}
          onClick={({ currentTarget }) => onEdit(document.activeElement === currentTarget)}
        >
          <Icon name="edit" />
        </button>
      )}
      <button
        ref={more}
        type="button"
        className="icon"
        aria-label={texts.more}
        title={texts.more}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="more" />
      </button>
      {isOpen && (
        <MessageMenu
          anchor={more}
          message={message}
          mayDelete={isOwn || isModerator}
          run={run}
          onReaders={hasReceipts ? () => setReaders(true) : undefined}
          onClose={() => setOpen(false)}
        />
      )}
      {hasReaders && <ReadersDialog message={message} onClose={() => setReaders(false)} />}
    </div>
  );
}
