import type { HistoryView } from '@fechatter/client/store';
import { draftsOf, editedIn } from '../drafts/draft-names.ts';
import { KeptText } from '../drafts/kept-text.tsx';
import { drafts, useDraftNames } from '../drafts/use-draft.ts';

export interface GoneEditsProps {
  readonly chatId: string;
  readonly history: HistoryView;
}

/** Edits that the person has begun of messages that were deleted meanwhile. */
export function GoneEdits({ chatId, history }: GoneEditsProps) {
  const gone = useDraftNames(draftsOf(chatId)).filter((name) => isGone(name, history));
  return gone.map((name) => (
    <KeptText
      key={name}
      title="The message that you were changing was deleted:"
      text={drafts.get(name) ?? ''}
      onDiscard={() => drafts.set(name, undefined)}
    />
  ));
}

/** It would be between existing messages. */
function isGone(name: string, { entries, isLoaded, hasOlder, hasNewer }: HistoryView): boolean {
  const edited = editedIn(name);
  if (edited === undefined || !isLoaded) return false;
  const messages = entries.flatMap(({ message }) => message ?? []);
  if (messages.some(({ id }) => id === edited.id)) return false;
  const [first, last] = [messages[0]?.number ?? 0, messages.at(-1)?.number ?? 0];
  return (!hasOlder || edited.number > first) && (!hasNewer || edited.number < last);
}
