import type { HistoryEntry } from '@fechatter/client/store';
import { useRef } from 'react';
import { chatter } from '../chatter.ts';

/**
 * Says to the ear what somebody else has just said. The list itself cannot: rows come into it by scrolling too, and all
 * of them would be read out.
 */
export function SpokenMessage({ newest }: { readonly newest: HistoryEntry | undefined }) {
  const message = newest?.message;
  /** What stood there when the conversation was opened is no news. */
  const old = useRef(message?.number);
  old.current ??= message?.number;
  const isNews = message && message.number > (old.current ?? 0) && message.sender.id !== chatter.session?.id;
  return (
    <p className="spoken" role="status">
      {isNews && `${message.sender.name}: ${message.content}`}
    </p>
  );
}
