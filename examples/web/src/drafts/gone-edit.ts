import type { HistoryView } from '@fechatter/client/store';
import { editedIn } from './draft-names.ts';

/** Whether a draft changes a message of this chat, or of the thread of `rootId`, that was deleted meanwhile. */
export function isGoneEdit(
  name: string,
  rootId: string | undefined,
  { entries, isLoaded, hasOlder, hasNewer }: Pick<HistoryView, 'entries' | 'isLoaded' | 'hasOlder' | 'hasNewer'>,
): boolean {
  const edited = editedIn(name);
  if (edited === undefined || edited.threadId !== (rootId ?? null) || !isLoaded) return false;
  const messages = entries.flatMap(({ message }) => message ?? []);
  const found = messages.find(({ id }) => id === edited.id);
  // A deleted message with replies stays in the list.
  if (found !== undefined) return found.deletedAt !== null;
  const [first, last] = [messages[0]?.number ?? 0, messages.at(-1)?.number ?? 0];
  // It would be between existing messages.
  return (!hasOlder || edited.number > first) && (!hasNewer || edited.number < last);
}
