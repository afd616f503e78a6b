import type { Message } from '@fechatter/client';
import { FilesOf } from '../files/file-place.tsx';
import { texts as pinTexts } from '../pins/texts.ts';
import { ReactionChips } from '../reactions/reaction-chips.tsx';
import { texts as savedTexts } from '../saved/texts.ts';
import { ThreadLine } from '../threads/thread-line.tsx';
import { Icon } from '../ui/icon.tsx';
import { usePlace } from './place.ts';

/** What is shown below the text of a message. */
export function MessageExtras({ message }: { readonly message: Message }) {
  const { workspaceId, onQuote, rootId } = usePlace();
  return (
    <>
      {message.files.length > 0 && <FilesOf chatId={message.chatId} files={message.files} />}
      {(message.pinnedAt !== null || message.isSaved) && (
        <p className="marks">
          {message.pinnedAt !== null && (
            <span>
              <Icon name="pin" /> {pinTexts.pinned}
            </span>
          )}
          {message.isSaved && (
            <span>
              <Icon name="bookmark" /> {savedTexts.saved}
            </span>
          )}
        </p>
      )}
      <ReactionChips message={message} workspaceId={workspaceId} isFixed={onQuote === undefined} />
      {onQuote !== undefined && rootId === undefined && message.thread !== null && (
        <ThreadLine root={message} thread={message.thread} workspaceId={workspaceId} />
      )}
    </>
  );
}
