import type { HistoryEntry, SystemLine } from '@fechatter/client/store';
import { useRef } from 'react';
import { chatter } from '../chatter.ts';
import { usePlain } from '../markdown/use-plain.ts';
import { usePeople } from '../people/people.ts';
import { sentenceOfLine } from '../system-lines/sentence.ts';
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
  readonly systemLines: readonly SystemLine[];
}

/**
 * Announces other people's new messages to screen readers, and what else happens, each once. The list itself cannot, because rows that
 * scrolling adds would be read out too.
 */
export function SpokenMessages({ entries, newestNumber, systemLines }: SpokenMessagesProps) {
  const { workspaceId } = usePlace();
  const plain = usePlain(workspaceId);
  const people = usePeople(workspaceId);
  const announcedSeq = useRef(systemLines.at(-1)?.seq ?? 0);
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
  const happened = systemLines.filter(({ seq }) => seq > announcedSeq.current);
  if (happened.length > 0) {
    announcedSeq.current = happened.at(-1)?.seq ?? announcedSeq.current;
    const words = happened.map((line) => ({
      id: line.key,
      words: sentenceOfLine(line, (id) => people.get(id)?.name),
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
