import type { HistoryEntry } from '@fechatter/client/store';
import { useRef } from 'react';
import { chatter } from '../chatter.ts';
import { usePlain } from '../markdown/use-plain.ts';
import { usePlace } from './place.ts';
import { texts } from './texts.ts';

/** The most messages in the live region; the latest are kept. */
const SPOKEN_MAX = 20;
/** The rest of a longer message is read in the list. */
const SPOKEN_CHARS = 500;

export interface SpokenMessagesProps {
  /** Empty while the newest messages are not loaded. */
  readonly entries: readonly HistoryEntry[];
  /** The newest message's number: messages that exist when the conversation is opened are not announced. */
  readonly newestNumber: number;
}

/**
 * Announces other people's new messages to screen readers, each once. The list itself cannot, because rows that
 * scrolling adds would be read out too.
 */
export function SpokenMessages({ entries, newestNumber }: SpokenMessagesProps) {
  const plain = usePlain(usePlace().workspaceId);
  const announced = useRef(newestNumber);
  const spoken = useRef<readonly { readonly id: string; readonly words: string }[]>([]);
  const news = entries.flatMap(({ message }) =>
    message !== null && message.number > announced.current ? message : [],
  );
  if (news.length > 0) {
    announced.current = news.at(-1)?.number ?? announced.current;
    const others = news.filter(({ sender }) => sender.id !== chatter.session?.id);
    const words = others.map(({ id, sender, content }) => ({
      id,
      words: `${sender.name}: ${plain(content, SPOKEN_CHARS)}`,
    }));
    spoken.current = [...spoken.current, ...words].slice(-SPOKEN_MAX);
  }
  return (
    <div className="spoken" role="log" aria-live="polite" aria-relevant="additions" aria-label={texts.newMessages}>
      {spoken.current.map(({ id, words }) => (
        <p key={id}>{words}</p>
      ))}
    </div>
  );
}
