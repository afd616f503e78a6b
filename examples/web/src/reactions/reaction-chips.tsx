import type { Message, Reaction } from '@fechatter/client';
import { useReactions } from '@fechatter/client/react';
import { useId, useState } from 'react';
import { chatter } from '../chatter.ts';
import { Glyph } from '../emoji/glyph.tsx';
import { usePeople } from '../people/people.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { AddReaction } from './add-reaction.tsx';
import { texts } from './texts.ts';

export interface ReactionChipsProps {
  readonly message: Message;
  readonly workspaceId: string;
  /** Whether the person is only looking: there is nothing to press. */
  readonly isFixed: boolean;
}

/** The reactions to a message: a chip for each emoji, which adds or removes the person's own. */
export function ReactionChips({ message, workspaceId, isFixed }: ReactionChipsProps) {
  const { chatId, id, reactions, myReactions } = message;
  const own = useReactions(chatId);
  const { run, problem } = useCall();
  if (reactions.length === 0) return null;
  return (
    <div className="reactions" role="group" aria-label={texts.reactions}>
      {reactions.map((reaction) => {
        const isOwn = myReactions.includes(reaction.emoji);
        return (
          <Chip
            key={reaction.emoji}
            reaction={reaction}
            isOwn={isOwn}
            isFixed={isFixed}
            workspaceId={workspaceId}
            onPress={() => run(() => (isOwn ? own.unreact(id, reaction.emoji) : own.react(id, reaction.emoji)))}
          />
        );
      })}
      {!isFixed && <AddReaction message={message} workspaceId={workspaceId} className="chip" />}
      <Problem text={problem} />
    </div>
  );
}

interface ChipProps {
  readonly reaction: Reaction;
  readonly isOwn: boolean;
  readonly isFixed: boolean;
  readonly workspaceId: string;
  readonly onPress: () => void;
}

function Chip({ reaction: { emoji, count, userIds }, isOwn, isFixed, workspaceId, onPress }: ChipProps) {
  const [isAsked, setAsked] = useState(false);
  const id = useId();
  return (
    <span
      className="chip-place"
      onPointerEnter={() => setAsked(true)}
      onPointerLeave={() => setAsked(false)}
      onFocus={() => setAsked(true)}
      onBlur={() => setAsked(false)}
    >
      <button
        type="button"
        className="chip"
        aria-pressed={isOwn}
        aria-label={texts.chip(emoji, count)}
        aria-describedby={isAsked ? id : undefined}
        disabled={isFixed}
        onClick={onPress}
      >
        <Glyph emoji={emoji} workspaceId={workspaceId} /> <span className="tally">{count}</span>
      </button>
      {isAsked && (
        <span role="tooltip" id={id} className="tooltip">
          <Who emoji={emoji} count={count} userIds={userIds} isOwn={isOwn} workspaceId={workspaceId} />
        </span>
      )}
    </span>
  );
}

interface WhoProps extends Reaction {
  readonly isOwn: boolean;
  readonly workspaceId: string;
}

/** Who reacted: read only while it is shown. */
function Who({ emoji, count, userIds, isOwn, workspaceId }: WhoProps) {
  const people = usePeople(workspaceId);
  const names = userIds.flatMap((id) => (id === chatter.session?.id ? [] : (people.get(id)?.name ?? [])));
  const more = count - names.length - (isOwn ? 1 : 0);
  return <>{texts.with(texts.who({ isOwn, names, more }), emoji)}</>;
}
