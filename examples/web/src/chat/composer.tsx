import type { ChatRow } from '@fechatter/client';
import { useRef } from 'react';
import { messageDraft } from '../drafts/draft-names.ts';
import { useDraft } from '../drafts/use-draft.ts';
import { ConnectionNote } from '../workspace/connection-note.tsx';
import { Icon } from '../ui/icon.tsx';
import { isMessage, WritingArea } from './writing-area.tsx';

export interface ComposerProps {
  readonly chat: ChatRow;
  readonly onSend: (content: string) => void;
}

/** Where a message is written. It works without a connection: messages wait until there is one. */
export function Composer({ chat, onSend }: ComposerProps) {
  const [content, setContent] = useDraft(messageDraft(chat.id));
  const area = useRef<HTMLTextAreaElement>(null);

  function send(): void {
    if (!isMessage(content)) return;
    onSend(content);
    setContent('');
    area.current?.focus();
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ConnectionNote />
      <div className="writing">
        <WritingArea
          ref={area}
          rows={1}
          aria-label={`Message to ${chat.name}`}
          placeholder={`Message ${chat.chatType.endsWith('Channel') ? '#' : ''}${chat.name}`}
          value={content}
          onChange={setContent}
          onEnter={send}
          autoFocus={matchMedia('(hover: hover)').matches}
        />
        <button type="submit" className="icon send" aria-label="Send" disabled={!isMessage(content)}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
