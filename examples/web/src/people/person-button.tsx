import type { ReactNode } from 'react';
import { usePlace } from '../chat/place.ts';
import { messageDraft, replyDraft } from '../drafts/draft-names.ts';
import { type MentionedPerson, mentionIn } from './mention-in.ts';
import { showPerson } from './shown-person.ts';

export interface PersonButtonProps {
  readonly userId: string;
  readonly name: string | undefined;
  readonly className: string;
  /** Whether it is this person. */
  readonly isOwn?: boolean;
  readonly children: ReactNode;
}

/** A person's name, which opens their card. */
export function PersonButton({ userId, name, className, isOwn, children }: PersonButtonProps) {
  const { workspaceId, chatId, rootId, onQuote } = usePlace();
  const draft = rootId === undefined ? messageDraft(chatId) : replyDraft(chatId, rootId);
  const mention = onQuote && ((person: MentionedPerson) => mentionIn(draft, person));
  return (
    <button
      type="button"
      className={className}
      data-own={isOwn}
      dir="auto"
      aria-haspopup="dialog"
      onClick={({ currentTarget: anchor }) => showPerson({ userId, name, workspaceId, mention, anchor })}
    >
      {children}
    </button>
  );
}
