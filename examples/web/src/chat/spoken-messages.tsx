import type { HistoryEntry } from '@fechatter/client/store';
import { useRef } from 'react';
import { chatter } from '../chatter.ts';

/** So many stand there at most, the latest. */
const SPOKEN_MAX = 20;
/** More of one message is read in its place. */
const SPOKEN_CHARS = 500;

export interface SpokenMessagesProps {
  /** Empty while the newest messages are not among them. */
  readonly entries: readonly HistoryEntry[];
  /** The newest message's number: when the conversation is opened, what stands there is no news. */
  readonly newestNumber: number;
}

/**
 * Says to the ear what others have just said, each message once. The list itself cannot: rows come into it by scrolling
 * too, and all of them would be read out.
 */
export function SpokenMessages({ entries, newestNumber }: SpokenMessagesProps) {
  const heard = useRef(newestNumber);
  const spoken = useRef<readonly { readonly id: string; readonly words: string }[]>([]);
  const news = entries.flatMap(({ message }) => (message !== null && message.number > heard.current ? message : []));
  if (news.length > 0) {
    heard.current = news.at(-1)?.number ?? heard.current;
    const others = news.filter(({ sender }) => sender.id !== chatter.session?.id);
    const words = others.map(({ id, sender, content }) => ({
      id,
      words: `${sender.name}: ${content.slice(0, SPOKEN_CHARS)}`,
    }));
    spoken.current = [...spoken.current, ...words].slice(-SPOKEN_MAX);
  }
  return (
    <div className="spoken" role="log" aria-live="polite" aria-relevant="additions" aria-label="New messages">
      {spoken.current.map(({ id, words }) => (
        <p key={id}>{words}</p>
      ))}
    </div>
  );
}
