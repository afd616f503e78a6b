import { definitionOfCode, type LoggedEvent, type LogRow, type Nouns } from '@fechatter/contract';
import { type LogEntry, type MessageCipher, showNouns } from '@fechatter/drizzle';

/** What an entry is turned into an event with. */
export interface Rendering {
  readonly cipher: MessageCipher;
  /** Told of each entry that could not be shown as it should: it is shown with placeholders and stops nothing. */
  readonly onUnreadable: (entry: LogEntry, error: unknown) => void;
}

/** The event that `userId` is shown for an entry. Never throws: one bad row must not stop the tail. */
export function eventOf(entry: LogEntry, userId: string, rendering: Rendering): LoggedEvent {
  const onUnreadable = (error: unknown) => rendering.onUnreadable(entry, error);
  const nouns = showNouns(entry, { userId, cipher: rendering.cipher, onUnreadable });
  return readerOf(entry.code)(entry, nouns, onUnreadable);
}

function readerOf(code: number): (row: LogRow, nouns: Nouns, onUnreadable: (error: unknown) => void) => LoggedEvent {
  const definition = definitionOfCode(code);
  if (definition === undefined) throw new Error(`the log has a kind that this build does not know: ${code}`);
  return definition.read;
}
