import { definitionOfCode, type LoggedEvent, type LogRow, type Nouns } from '@fechatter/contract';
import { type LogEntry, type MessageCipher, showNouns } from '@fechatter/drizzle';

/** What turning an entry into an event needs. */
export interface Rendering {
  readonly cipher: MessageCipher;
  /** Called for each entry that can only be shown with placeholders; it does not stop the tail. */
  readonly onUnreadable: (entry: LogEntry, error: unknown) => void;
}

/** The event that `userId` receives for an entry. Never throws: one bad row must not stop the tail. */
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
