import { allows, type Message } from '@fechatter/client';
import { usePinning, useSaving } from '@fechatter/client/react';
import type { RefObject } from 'react';
import { chatter } from '../chatter.ts';
import { texts as pinTexts } from '../pins/texts.ts';
import { texts as quoteTexts } from '../quotes/texts.ts';
import { texts as receiptTexts } from '../receipts/texts.ts';
import { linkOfMessage } from '../route.ts';
import { texts as savedTexts } from '../saved/texts.ts';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { useMarkingUnread } from './marked-unread.ts';
import { usePlace } from './place.ts';
import { texts } from './texts.ts';

export interface MessageMenuProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly message: Message;
  readonly mayDelete: boolean;
  readonly run: (work: () => Promise<unknown>) => void;
  /** Shows who has read it; undefined where nobody can know. */
  readonly onReaders: (() => void) | undefined;
  readonly onClose: () => void;
}

/** What can be done with a message, besides what is done often. */
export function MessageMenu({ anchor, message, mayDelete, run, onReaders, onClose }: MessageMenuProps) {
  const { chatId, id: messageId, pinnedAt, isSaved } = message;
  const { workspaceId, chatType, role, onQuote } = usePlace();
  const pinning = usePinning(chatId);
  const saving = useSaving(chatId);
  const markUnread = useMarkingUnread(chatId);
  const link = () => new URL(linkOfMessage(message, workspaceId), location.href).href;
  return (
    <Menu anchor={anchor} label={texts.more} onClose={onClose}>
      <MenuItem icon="quote" onChoose={() => onQuote?.(message)}>
        {quoteTexts.quote}
      </MenuItem>
      {allows(role, 'message.pin', chatType) && (
        <MenuItem
          icon="pin"
          onChoose={() => run(() => (pinnedAt === null ? pinning.pin(messageId) : pinning.unpin(messageId)))}
        >
          {pinnedAt === null ? pinTexts.pin : pinTexts.unpin}
        </MenuItem>
      )}
      <MenuItem
        icon="bookmark"
        onChoose={() => run(() => (isSaved ? saving.unsave(messageId) : saving.save(messageId)))}
      >
        {isSaved ? savedTexts.unsave : savedTexts.save}
      </MenuItem>
      <MenuItem icon="link" onChoose={() => run(() => navigator.clipboard.writeText(link()))}>
        {texts.copyLink}
      </MenuItem>
      {message.threadId === null && role !== null && (
        <MenuItem icon="unread" onChoose={() => run(() => markUnread(message))}>
          {texts.markUnread}
        </MenuItem>
      )}
      {onReaders !== undefined && (
        <MenuItem icon="people" onChoose={onReaders}>
          {receiptTexts.readers}
        </MenuItem>
      )}
      {mayDelete && (
        <MenuItem
          icon="trash"
          question={texts.deleteSure}
          onChoose={() => run(() => chatter.message.delete.mutate({ chatId, messageId }))}
        >
          {texts.delete}
        </MenuItem>
      )}
    </Menu>
  );
}
