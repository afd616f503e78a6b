import type { HistoryView } from '@fechatter/client/store';
import { draftsOf } from '../drafts/draft-names.ts';
import { isGoneEdit } from '../drafts/gone-edit.ts';
import { KeptText } from '../drafts/kept-text.tsx';
import { drafts, useDraftNames } from '../drafts/use-draft.ts';
import { usePlace } from './place.ts';
import { texts } from './texts.ts';

export interface GoneEditsProps {
  readonly chatId: string;
  readonly history: HistoryView;
}

/** Edits that the person has begun of messages that were deleted meanwhile. */
export function GoneEdits({ chatId, history }: GoneEditsProps) {
  const { rootId } = usePlace();
  const gone = useDraftNames(draftsOf(chatId)).filter((name) => isGoneEdit(name, rootId, history));
  return gone.map((name) => (
    <KeptText
      key={name}
      title={texts.editedWasDeleted}
      text={drafts.get(name) ?? ''}
      onDiscard={() => drafts.set(name, undefined)}
    />
  ));
}
