import type { ChatRow } from '@fechatter/client';
import { type KeyboardEvent, useRef, useState } from 'react';
import { ConnectionNote } from '../workspace/connection-note.tsx';
import { Icon } from '../ui/icon.tsx';

export interface ComposerProps {
  readonly chat: ChatRow;
  readonly onSend: (content: string) => void;
}

const CONTENT_MAX_CHARS = 8_000;

/** Where one writes. It needs no connection: what is sent waits until there is one. */
export function Composer({ chat, onSend }: ComposerProps) {
  const [content, setContent] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const isEmpty = content.trim() === '';

  function send(): void {
    if (isEmpty) return;
    onSend(content);
    setContent('');
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
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
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        aria-label={`Message to ${chat.name}`}
        placeholder={`Message ${chat.chatType.endsWith('Channel') ? '#' : ''}${chat.name}`}
        maxLength={CONTENT_MAX_CHARS}
        value={content}
        onChange={({ target }) => setContent(target.value)}
        onKeyDown={onKeyDown}
        autoFocus={matchMedia('(hover: hover)').matches}
      />
      <button type="submit" className="icon send" aria-label="Send" disabled={isEmpty}>
        <Icon name="send" />
      </button>
    </form>
  );
}
